using System.Text;
using Pharos.Query.Templates;
using Pharos.Query.Templates.Execution;
using Pharos.Query.Templates.Values;

namespace Pharos.Alerting.Templates.Html;

/// <summary>Writes HTML and escapes every value for the place it stands in: a reduced <c>html/template</c>.</summary>
internal sealed class HtmlSink : ITemplateSink
{
    /// <summary>What stands for a value that would be dangerous where it is.</summary>
    private const string Filtered = "ZgotmplZ";

    private readonly StringBuilder _html = new();
    private readonly HtmlContext _context = new();

    public void WriteText(string text)
    {
        _context.Read(text, _html);
        CheckLength();
    }

    public void WriteValue(TemplateValue value, string? lastFunction)
    {
        var text = value.Kind == TemplateKind.None ? "" : GoPrinter.Print(value);
        _context.BeginUnquotedValue();
        switch (_context.State)
        {
            case HtmlState.Comment:
                break;
            case HtmlState.Text:
                _html.Append(value.Kind == TemplateKind.Html ? text
                    : lastFunction == "html" ? Escape(text, keepsEntities: true) : Escape(text, keepsEntities: false));
                break;
            case HtmlState.TitleText:
                _html.Append(Escape(text, keepsEntities: value.Kind == TemplateKind.Html || lastFunction == "html"));
                break;
            case HtmlState.RawText:
                _html.Append(_context.IsScript ? Json(value) : Style(text));
                break;
            case HtmlState.Value:
                WriteAttribute(value, text, lastFunction);
                break;
            default:
                _html.Append(text.Length > 0 && text.All(char.IsAsciiLetterOrDigit) ? text.ToLowerInvariant() : Filtered);
                break;
        }
        CheckLength();
    }

    public override string ToString() => _html.ToString();

    private void WriteAttribute(TemplateValue value, string text, string? lastFunction)
    {
        if (_context.IsScript)
        {
            text = Json(value);
        }
        else if (_context.IsStyle)
        {
            text = Style(text);
        }
        else if (_context.IsUrl && lastFunction != "urlquery")
        {
            // What went through urlquery is encoded already: once is enough.
            text = Url(text, isTrusted: value.Kind == TemplateKind.Url);
        }
        var keepsEntities = value.Kind == TemplateKind.Html || lastFunction == "html";
        var escaped = Escape(text, keepsEntities);
        _html.Append(_context.Quote == ' ' ? EscapeUnquoted(escaped) : escaped);
    }

    private string Url(string text, bool isTrusted)
    {
        if (_context.UrlPart == UrlPart.Query)
        {
            return GoEscape.Percent(text, static c => IsUnreserved(c)).ToLowerPercent();
        }
        if (_context.UrlPart == UrlPart.Start && !isTrusted && !IsSafe(text))
        {
            return "#" + Filtered;
        }
        return Normalize(text);
    }

    /// <summary>Encodes what no URL may hold and leaves what has a meaning in one.</summary>
    private static string Normalize(string text)
    {
        var normal = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var isEncoded = text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]);
            if (isEncoded || IsUnreserved(text[i]) || "!#$&*+,/:;=?@[]".Contains(text[i], StringComparison.Ordinal))
            {
                normal.Append(text[i++]);
                continue;
            }
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            normal.Append(GoEscape.Percent(text.Substring(i, length), static _ => false).ToLowerPercent());
            i += length;
        }
        return normal.ToString();
    }

    private static bool IsSafe(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url.AsSpan(0, colon).Contains('/'))
        {
            return true;
        }
        var scheme = url[..colon];
        return scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            || scheme.Equals("https", StringComparison.OrdinalIgnoreCase)
            || scheme.Equals("mailto", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private static string Json(TemplateValue value)
    {
        var json = new StringBuilder();
        GoJson.Append(json, value);
        // Blanks keep a number apart from the names beside it.
        return value.Kind is TemplateKind.Integer or TemplateKind.Float or TemplateKind.Bool ? $" {json} " : json.ToString();
    }

    private static string Style(string text) =>
        text.All(static c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '#' or '%' or '_' or ',')
            ? text : Filtered;

    private static string Escape(string text, bool keepsEntities)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append('\uFFFD'),
                '"' => escaped.Append("&#34;"),
                '&' when !keepsEntities => escaped.Append("&amp;"),
                '\'' => escaped.Append("&#39;"),
                '+' => escaped.Append("&#43;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    private static string EscapeUnquoted(string escaped) => escaped
        .Replace("\t", "&#9;", StringComparison.Ordinal).Replace("\n", "&#10;", StringComparison.Ordinal)
        .Replace("\r", "&#13;", StringComparison.Ordinal).Replace(" ", "&#32;", StringComparison.Ordinal)
        .Replace("=", "&#61;", StringComparison.Ordinal).Replace("`", "&#96;", StringComparison.Ordinal);

    private void CheckLength()
    {
        if (_html.Length > TemplateLimits.MaxOutputChars)
        {
            throw new TemplateException("the template's output is too long");
        }
    }
}
