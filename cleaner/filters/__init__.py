"""The filters in the order they run; nothing else."""

from cleaner.filter import Filter
from cleaner.filters.advertisement import ADVERTISEMENT
from cleaner.filters.author_bio import AUTHOR_BIO
from cleaner.filters.breadcrumb import BREADCRUMB
from cleaner.filters.byline import BYLINE
from cleaner.filters.comment_section import COMMENT_SECTION
from cleaner.filters.contents_list import CONTENTS_LIST
from cleaner.filters.cookie_notice import COOKIE_NOTICE
from cleaner.filters.counter import COUNTER
from cleaner.filters.duplicate_body import DUPLICATE_BODY
from cleaner.filters.duplicate_teaser import DUPLICATE_TEASER
from cleaner.filters.follow_bar import FOLLOW_BAR
from cleaner.filters.footer import FOOTER
from cleaner.filters.image import IMAGE
from cleaner.filters.inline_promotion import INLINE_PROMOTION
from cleaner.filters.legal_line import LEGAL_LINE
from cleaner.filters.link_list import LINK_LIST
from cleaner.filters.link_numbers import LINK_NUMBER
from cleaner.filters.menu import MENU
from cleaner.filters.newsletter import NEWSLETTER
from cleaner.filters.orphan_heading import ORPHAN_HEADING
from cleaner.filters.pager import PAGER
from cleaner.filters.photo_credit import PHOTO_CREDIT
from cleaner.filters.related import RELATED
from cleaner.filters.repeated_line import REPEATED_LINE
from cleaner.filters.section_label import SECTION_LABEL
from cleaner.filters.separator import SEPARATOR
from cleaner.filters.share_bar import SHARE_BAR
from cleaner.filters.site_bar import SITE_BAR
from cleaner.filters.site_frame import SITE_FRAME
from cleaner.filters.skip_link import SKIP_LINK
from cleaner.filters.software_note import SOFTWARE_NOTE
from cleaner.filters.subscription_wall import SUBSCRIPTION_WALL
from cleaner.filters.thread_line import THREAD_LINE
from cleaner.filters.top_link import TOP_LINK
from cleaner.filters.unused_markup import UNUSED_MARKUP
from cleaner.filters.weighed import WEIGHED
from cleaner.filters.widget import WIDGET

FILTERS: tuple[Filter, ...] = (
    SITE_FRAME,
    SKIP_LINK,
    COOKIE_NOTICE,
    SHARE_BAR,
    FOLLOW_BAR,
    ADVERTISEMENT,
    WIDGET,
    SOFTWARE_NOTE,
    RELATED,
    COMMENT_SECTION,
    THREAD_LINE,
    NEWSLETTER,
    SUBSCRIPTION_WALL,
    INLINE_PROMOTION,
    AUTHOR_BIO,
    BYLINE,
    PHOTO_CREDIT,
    MENU,
    LINK_LIST,
    BREADCRUMB,
    SITE_BAR,
    PAGER,
    TOP_LINK,
    SECTION_LABEL,
    COUNTER,
    SEPARATOR,
    IMAGE,
    LEGAL_LINE,
    FOOTER,
    DUPLICATE_BODY,
    DUPLICATE_TEASER,
    CONTENTS_LIST,
    REPEATED_LINE,
    LINK_NUMBER,
    WEIGHED,
    ORPHAN_HEADING,
    UNUSED_MARKUP,
)
