"""What the words in a class or an id say of an element: bits over a closed vocabulary of families.

The vocabulary is the trade's English and its abbreviations, never one site's own names. A string is
split into names, a name into words; each is looked up once, and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

SHIFT = 64  # the bits below belong to tags
LONGEST = 600  # characters of a class attribute that are read
REMEMBERED = 2_000  # more ask less often for what was forgotten, and take longer to look up: memory is slow

# Family: its words. A word with a hyphen is two that stand one after the other.
VOCABULARY = {
    "footer": """
        footer foot footnav footerbar subfooter prefooter postfooter pagefooter colophon bottombar footers
    """,
    "header": """
        header head masthead topbar navbar headerbar topnav appbar siteheader pageheader hdr top-bar
    """,
    "menu": """
        nav menu navigation navbar nav-bar submenu dropdown megamenu mainmenu navlinks navlist menus
        hamburger offcanvas off-canvas drawer flyout subnav sidenav leftnav mainnav sitemap quicklinks
        topnav footnav navi nav-item navitem menuitem tabnav quick-links site-map mega mega-menu
        has-children menu-link sub-menu
    """,
    "sidebar": """
        sidebar aside sidenav rail rightbar leftbar rightcol leftcol secondary side sidecol right-rail
        left-rail sidebars rightcolumn leftcolumn side-bar sticky tertiary complementary
    """,
    "comment": """
        comment comments commentlist commentary respond reply-form discussion disqus commenter commentform
        replies usercomments livefyre fbcomments comment-body
    """,
    "related": """
        related relatedposts recommend recommended recommendation recommendations similar suggested
        suggestions also-like more-from more-stories read-next readnext up-next upnext trending popular
        mostread most-read mostpopular crosssell upsell cross-sell up-sell upsells crosssells outbrain
        taboola zergnet you-may recirc recirculation morestories furtherreading see-also seealso
        next-article latest recent bought viewed recently yarpp relatedlinks related-post related-posts
        related-articles relatedarticles relatedcontent also-read more-news might-like
    """,
    "share": """
        share sharing shares social socials sharebar sharebuttons sharethis addthis addtoany a2a facebook
        twitter linkedin pinterest whatsapp instagram youtube telegram reddit tweet follow followus
        socialmedia shareblock sns jssocials sociallinks social-media
    """,
    "newsletter": """
        newsletter newsletters subscribe subscription subscriptions signup sign-up optin opt-in mailchimp
        mailinglist mailing emailsignup mc4wp hubspot mailing-list
    """,
    "promotion": """
        promo promos promotion promotions promotional ad ads advert adverts advertisement advertising
        sponsor sponsored sponsors banner banners adsense dfp adslot adunit adcontainer adbox advertorial
        affiliate cta campaign calltoaction call-to googlead ad-slot offer offers deal deals leaderboard
        billboard skyscraper mpu
    """,
    "consent": """
        cookie cookies consent gdpr ccpa cookiebar cookiebanner cookienotice cookielaw cookieconsent
        onetrust cookiebot privacy-banner trustarc didomi usercentrics eu-cookie
    """,
    "modal": """
        modal modals popup popups overlay lightbox dialog popover tooltip interstitial toast snackbar alert
        notice notification notifications pop-up flash tippy infobar takeover
    """,
    "breadcrumb": """
        breadcrumb breadcrumbs crumb crumbs bread-crumb bread-crumbs pathway youarehere trail
    """,
    "byline": """
        meta byline author authors dateline postmeta entrymeta timestamp date time published posted pubdate
        publishdate writer contributor credits credit articlemeta post-info publish updated datetime
        journalist reporter source by-line
    """,
    "bio": """
        bio authorbio authorbox biography about-author author-bio author-box author-info profile
    """,
    "tag": """
        tag tags tagged category categories cat taxonomy topics topic keywords label labels tagcloud hashtag
        cats chip chips pill pills badge badges tagline-links kicker eyebrow
    """,
    "legal": """
        legal copyright disclaimer terms privacy imprint impressum copyrights smallprint small-print
        colophon policy tos trademark
    """,
    "search": "search searchform searchbox searchbar srch typeahead autocomplete site-search",
    "login": """
        login signin sign-in register registration account logon userbar my-account log-in usermenu auth
        password
    """,
    "shop": """
        cart price prices basket checkout buy addtocart add-to minicart wishlist qty quantity availability
        pricing sku swatch swatches purchase shipping payment atc currency savings msrp discount variant
        variants compare
    """,
    "card": """
        card cards tile tiles teaser teasers grid thumb thumbs thumbnail thumbnails item items listing
        listitem gallery collection product-item masonry archive results result feed cell media blurb
        summary-item box productcard product-card listings directory catalog
    """,
    "post": """
        post posts message messages reply topic-post forum postbody msg postcontent answer answers question
        questions postcell conversation post-body post-text bbcode messagebody
    """,
    "user": """
        user username avatar avatars profile poster member author-avatar postauthor nickname gravatar
    """,
    "signature": "signature signatures usersig postsignature user-sig",
    "quotation": "quote quotes blockquote bbquote quoted quotation pullquote pull-quote",
    "tab": """
        tab tabs accordion accordions panel panels tabpanel tabpane pane tab-content tabcontent toggle
        collapsible expander expandable faq faqs spoiler
    """,
    "specification": """
        spec specs specification specifications attributes feature features properties datasheet techspecs
        technical details detail dimensions parameters attribute spec-table ingredients instructions
        benefits highlights
    """,
    "description": """
        description desc overview summary abstract synopsis excerpt longdescription product-description
        shortdescription
    """,
    "article": """
        article story entry news blogpost post-content entry-content article-body articlebody storybody
        story-body articlecontent post-body entry-body newsbody blog hentry blog-post single singlepost
        article-content richtext rich-text prose rte wysiwyg copy bodytext body-text maintext bodycopy text
        markdown page-content editorial docs documentation doc
    """,
    "content": """
        content contents body main maincontent primary main-content page-body pagebody contentarea
        content-area contentmain middle center centre col-main column-main mainbody
    """,
    "hidden": """
        hidden hide collapse collapsed invisible d-none is-hidden displaynone hid noshow display-none
        visually-hidden visuallyhidden inactive closed screen-reader
    """,
    "reader text": """
        sr-only sronly screen-reader visually-hidden visuallyhidden assistive screenreader skip skiplink
        skip-link skip-to offscreen accessibility a11y aural assistive-text off-screen screenreader-text
    """,
    "title": """
        title headline heading pagetitle entrytitle articletitle headlines titles page-title ttl
        caption-title
    """,
    "caption": """
        caption figcaption captions photocredit imagecaption wp-caption legend image-caption img-caption
        photo-credit element-caption
    """,
    "button": """
        button btn buttons btns cta readmore read-more more-link viewall view-all seeall see-all loadmore
        load-more showmore show-more learn-more action actions link-more more
    """,
    "pager": """
        pagination pager paging paginate pages pagenav page-nav page-numbers prevnext prev next previous
        nextprev post-nav post-navigation older newer
    """,
    "carousel": """
        carousel slider slideshow slick swiper slide slides owl rotator marquee ticker flickity glide splide
    """,
    "hero": "hero jumbotron splash cover spotlight billboard banner-hero",
    "widget": """
        widget widgets widgetarea widget-area textwidget sidebar-widget portlet plugin gadget module
        block-widget
    """,
    "toolbar": """
        toolbar tools tool utility utilities controls control bookmark fontsize sort sortby sorting options
        editsection settings switcher
    """,
    "facet": "filter filters facet facets refine refinements narrow filtering layered-nav facetwp",
    "contents list": """
        toc tableofcontents table-of onthispage on-this outline contents-list jumplinks scrollspy toctree
    """,
    "review": "review rating stars star feedback reviewer votes vote score likes",
    "contact": "contact contacts address phone tel vcard telephone email hours map store-locator",
    "code": """
        code highlight syntax codeblock prettyprint hljs snippet sourcecode listingblock prism codehilite
        example
    """,
    "table": "table tbl datatable table-responsive infobox wikitable tablepress",
    "section": "section block row container wrapper wrap inner column col group region",
    "product": """
        product products pdp sku productinfo product-info product-details productdetail hproduct
    """,
    "job": """
        job jobs vacancy vacancies career careers position event events venue schedule agenda course courses
        property
    """,
    "step": "step steps recipe howto how-to direction directions procedure method",
    "reference": "reference references bibliography reflist further-reading",
    "error": """
        error errors warning fallback noscript unsupported outdated nojs js-disabled loading spinner
        placeholder skeleton preloader
    """,
    "chat": "chat chatbot livechat intercom drift zendesk support-widget messenger helpdesk",
    "app": "apps appstore playstore download downloads install badge-app google-play app-store",
    "logo": """
        logo logos brand branding sitename site-name sitetitle site-title site-branding icon icons
    """,
    "statistics": "viewcount counter stats statistics hits meta-count",
    "subject": """
        deal-box fact facts factbox sidebar-box infobox note tip callout aside-box keyfacts takeaways
        takeaway
    """,
    "testimonial": "testimonial testimonials",
    "footnote": "footnote footnotes endnotes endnote citations citation sources fn",
    "lead": """
        lead intro introduction deck standfirst dek chapo lede subhead subtitle subheading leadtext ingress
    """,
    "form": """
        form forms input checkbox submit field fields form-group textarea wpforms gform country recaptcha
        wpcf
    """,
    "announcement": """
        announcement announcements announcebar announcement-bar announce alertbar promobar
    """,
    "user panel": """
        user-title usertitle user-extras user-banner user-stats userstats rank ranks author-pane postprofile
        post-left member-title userinfo user-info usercard user-card reputation karma joined post-profile
        poster-info user-details userdetails user-badge message-user user-panel postbit
    """,
    "reviews": """
        reviews ratings yotpo bazaarvoice bv jdgm judgeme okendo stamped trustpilot loox powerreviews feefo
        reevoo turnto reviewlist review-list customer-reviews
    """,
}
FAMILIES = tuple(VOCABULARY)
assert len(FAMILIES) <= 64
FAMILY_BIT = {name: 1 << (SHIFT + number) for number, name in enumerate(FAMILIES)}


_BITS: dict[str, dict[str, int]] = {}  # by word, and by the one that stands before it: "" for any
for _family, _listed in VOCABULARY.items():
    for _word in _listed.split():
        _before, _, _last = _word.rpartition("-")
        _table = _BITS.setdefault(_last, {})
        _table[_before] = _table.get(_before, 0) | FAMILY_BIT[_family]

_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_APART = str.maketrans("_:./[]()#", " " * 9)
_DIGITS = "0123456789"
# What frameworks write on everything, and what names the subject of a post: a name of the first kind says nothing,
# one of the second only what comes behind.
_FRONT = re.compile(
    r"(?P<empty>(?:category|tag|status|has|type|format)-(?!children)|(?:__next|root|app)$)"
    r"|(?P<built>(?:elementor-widget|et_pb_module|fl-module|hs_cos_wrapper\w*?|cmp)(?=[-_]|$))"
)
_FRONT_LETTERS = frozenset("ctshf_rae")  # without one of them that does not match
_VARIANTS = frozenset(("odd", "even", "first", "last", "active", "current", "selected", "alt", "open", "closed", "new"))


Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(dict[Key, Value]):
    """What a function reads of keys, each when it is first asked for. Emptied when it has grown large."""

    def __init__(self, read: Callable[[Key], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: Key) -> Value:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[key] = self._read(key)
        return found


def _families(value: str) -> int:
    found = 0
    for name in value[:LONGEST].split():
        found |= _FAMILIES_OF_NAME[name]
    return found


def _families_of_name(name: str) -> int:
    if ":" in name:
        return 0
    if name[0] in _FRONT_LETTERS and (front := _FRONT.match(name)):
        if front.lastgroup == "empty":
            return 0
        name = name[front.end() :]
    name = (name if name.islower() else _CAMEL.sub("_", name).lower()).replace("-", "_")
    parts = name.split("_") if name.isidentifier() else name.translate(_APART).split()
    found, before = 0, ""
    for part in parts:
        if part:
            word = part.rstrip(_DIGITS)
            if word in _BITS:
                bits = _BITS[word]
                found |= bits.get("", 0) | bits.get(before, 0)
            before = word
    return found


def _shape(value: str) -> str:
    first = ""
    for name in value[:LONGEST].split(None, 4)[:4]:
        if name not in _VARIANTS and not name[-1].isdigit():
            if first:
                return f"{first} {name}"
            first = name
    return first


FAMILIES_OF = Remembered(_families)  # as bits, those that a class, an id or a label names
SHAPES = Remembered(_shape)  # what a class has in common with those of siblings
_FAMILIES_OF_NAME = Remembered(_families_of_name)
