namespace Pharos.Alerting.Templates.Html;

/// <summary>Where in an HTML document the next character stands.</summary>
internal enum HtmlState
{
    Text,

    /// <summary>Inside <c>title</c> or <c>textarea</c>: text without tags.</summary>
    TitleText,

    /// <summary>Inside <c>script</c> or <c>style</c>.</summary>
    RawText,
    Comment,
    TagName,

    /// <summary>Inside a tag, between attributes.</summary>
    Tag,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    Value,
}
