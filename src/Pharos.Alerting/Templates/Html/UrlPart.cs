namespace Pharos.Alerting.Templates.Html;

/// <summary>How far a URL in an attribute has been written by the template itself.</summary>
internal enum UrlPart
{
    Start,
    Path,

    /// <summary>Behind a question mark or hash.</summary>
    Query,
}
