using System.Text;

namespace Pharos.Alerting.Templates.Html;

/// <summary>Follows a template's own text through HTML, so that a value can be escaped for the place it stands in.
/// Values never change the place.</summary>
/// <remarks>The parts of Go's contextual escaping that mails need: text, attributes, URLs; scripts and styles are
/// recognised so that values in them are made harmless.</remarks>
internal sealed class HtmlContext
{
    private static readonly string[] UrlAttributes =
    [
        "action", "archive", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon",
        "longdesc", "manifest", "poster", "profile", "src", "usemap",
    ];

    private readonly StringBuilder _tag = new();
    private readonly StringBuilder _attribute = new();
    private bool _isEndTag;

    public HtmlState State { get; private set; }

    /// <summary>The quote around the attribute's value; a blank for a value without quotes.</summary>
    public char Quote { get; private set; }

    public UrlPart UrlPart { get; private set; }

    public bool IsScript => _attribute.Length > 2 && State == HtmlState.Value
        ? _attribute.ToString().StartsWith("on", StringComparison.Ordinal) : Tag == "script";

    public bool IsStyle => State == HtmlState.Value ? _attribute.ToString() == "style" : Tag == "style";

    public bool IsUrl
    {
        get
        {
            var name = _attribute.ToString();
            name = name.StartsWith("data-", StringComparison.Ordinal) ? name[5..] : name;
            if (name.StartsWith("xmlns", StringComparison.Ordinal))
            {
                return true;
            }
            name = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
            return Array.IndexOf(UrlAttributes, name) >= 0 || name.Contains("src", StringComparison.Ordinal)
                || name.Contains("uri", StringComparison.Ordinal) || name.Contains("url", StringComparison.Ordinal);
        }
    }

    private string Tag => _tag.ToString();

    /// <summary>Reads a piece of the template's own text and writes it without its comments.</summary>
    public void Read(string text, StringBuilder output)
    {
        for (var i = 0; i < text.Length;)
        {
            i = State switch
            {
                HtmlState.Comment => ReadComment(text, i),
                HtmlState.Text => ReadText(text, i, output),
                HtmlState.TitleText or HtmlState.RawText => ReadUntilEndTag(text, i, output),
                _ => ReadTagCharacter(text, i, output),
            };
        }
    }

    /// <summary>A value stands where an attribute's value begins without a quote.</summary>
    public void BeginUnquotedValue()
    {
        if (State == HtmlState.BeforeValue)
        {
            BeginValue(' ');
        }
    }

    private int ReadComment(string text, int i)
    {
        var end = text.IndexOf("-->", i, StringComparison.Ordinal);
        if (end < 0)
        {
            return text.Length;
        }
        State = HtmlState.Text;
        return end + 3;
    }

    private int ReadText(string text, int i, StringBuilder output)
    {
        var open = text.IndexOf('<', i);
        if (open < 0)
        {
            output.Append(text, i, text.Length - i);
            return text.Length;
        }
        output.Append(text, i, open - i);
        if (text.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal))
        {
            State = HtmlState.Comment;
            return open + 4;
        }
        output.Append('<');
        var name = open + 1;
        _isEndTag = name < text.Length && text[name] == '/';
        if (_isEndTag)
        {
            output.Append('/');
            name++;
        }
        if (name < text.Length && char.IsAsciiLetter(text[name]))
        {
            State = HtmlState.TagName;
            _tag.Clear();
        }
        return name;
    }

    private int ReadUntilEndTag(string text, int i, StringBuilder output)
    {
        var end = text.IndexOf("</" + Tag, i, StringComparison.OrdinalIgnoreCase);
        var stop = end < 0 ? text.Length : end;
        output.Append(text, i, stop - i);
        State = end < 0 ? State : HtmlState.Text;
        return stop;
    }

    private int ReadTagCharacter(string text, int i, StringBuilder output)
    {
        var c = text[i];
        output.Append(c);
        switch (State)
        {
            case HtmlState.TagName when char.IsAsciiLetterOrDigit(c) || c is ':' or '-':
                _tag.Append(char.ToLowerInvariant(c));
                break;
            case HtmlState.BeforeValue when c is '"' or '\'':
                BeginValue(c);
                break;
            case HtmlState.BeforeValue when !char.IsWhiteSpace(c) && c != '>':
                BeginValue(' ');
                Advance(c);
                break;
            case HtmlState.Value when Quote == ' ' ? char.IsWhiteSpace(c) || c == '>' : c == Quote:
                State = HtmlState.Tag;
                if (c == '>')
                {
                    CloseTag();
                }
                break;
            case HtmlState.Value:
                Advance(c);
                break;
            case HtmlState.BeforeValue when c != '>':
                break;
            case var _ when c == '>':
                CloseTag();
                break;
            default:
                ReadAttributeName(c);
                break;
        }
        return i + 1;
    }

    private void ReadAttributeName(char c)
    {
        if (c == '=' && State is HtmlState.AttributeName or HtmlState.AfterAttributeName)
        {
            State = HtmlState.BeforeValue;
        }
        else if (char.IsWhiteSpace(c))
        {
            State = State == HtmlState.AttributeName ? HtmlState.AfterAttributeName
                : State == HtmlState.AfterAttributeName ? State : HtmlState.Tag;
        }
        else if (c == '/')
        {
            State = HtmlState.Tag;
        }
        else
        {
            if (State != HtmlState.AttributeName)
            {
                _attribute.Clear();
                State = HtmlState.AttributeName;
            }
            _attribute.Append(char.ToLowerInvariant(c));
        }
    }

    private void BeginValue(char quote)
    {
        State = HtmlState.Value;
        Quote = quote;
        UrlPart = UrlPart.Start;
    }

    private void Advance(char c)
    {
        if (c is '?' or '#')
        {
            UrlPart = UrlPart.Query;
        }
        else if (UrlPart == UrlPart.Start && !char.IsWhiteSpace(c))
        {
            UrlPart = UrlPart.Path;
        }
    }

    private void CloseTag() => State = _isEndTag ? HtmlState.Text : Tag switch
    {
        "title" or "textarea" => HtmlState.TitleText,
        "script" or "style" => HtmlState.RawText,
        _ => HtmlState.Text,
    };
}
