using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pharos.Storage.Text;

/// <summary>A regular expression in RE2's dialect, as Go's <c>regexp</c> package runs it: linear time, no lookaround, no
/// back-references, ASCII classes, groups numbered from left to right.</summary>
/// <remarks>Immutable and thread-safe. Literals, alternations of literals and <c>.*</c>, <c>.+</c>, <c>literal.*</c>
/// are decided without the engine: they are nearly all that label matchers hold.</remarks>
public sealed class GoRegex
{
    private const int MaxNodes = 500_000;

    private readonly string _text;
    private readonly HashSet<string>? _literals;
    private readonly Func<string, bool>? _fast;
    private Regex? _engine;

    /// <summary>The framework's own bound is ten thousand nodes, which a list of a thousand names with wildcards is beyond.</summary>
    /// <remarks>Measured: 500,000 nodes take 40 MB and a second to build.</remarks>
    static GoRegex() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaxNodes);

    private GoRegex(string pattern, bool anchored)
    {
        Pattern = pattern;
        var translation = GoRegexTranslator.Translate(pattern, dotMatchesNewline: anchored);
        GroupCount = translation.GroupCount;
        GroupNames = translation.GroupNames;
        _text = anchored ? $@"\A(?:{translation.Text})\z" : translation.Text;
        if (anchored)
        {
            LiteralAlternatives = GoRegexLiterals.Alternatives(pattern);
            _literals = LiteralAlternatives is { Count: > 0 } found ? new HashSet<string>(found, StringComparer.Ordinal) : null;
            _fast = _literals is null ? FindFastPath(pattern) : null;
        }
        if (_literals is null && _fast is null)
        {
            _engine = Build();
        }
    }

    public string Pattern { get; }

    /// <summary>Built when it is first needed: a list of a thousand names, which a dashboard's variable makes, takes it a second.</summary>
    private Regex Engine => _engine ??= Build();

    /// <summary>The number of capturing groups, without the whole match.</summary>
    public int GroupCount { get; }

    /// <summary>The number of each named group.</summary>
    public IReadOnlyDictionary<string, int> GroupNames { get; }

    /// <summary>For an anchored pattern that can match only these strings, the strings; otherwise null.</summary>
    public IReadOnlyList<string>? LiteralAlternatives { get; }

    /// <summary>A pattern as matchers and relabel rules use it: <c>^(?s:pattern)$</c>.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegex Anchored(string pattern) => new(pattern, anchored: true);

    /// <summary>A pattern that may match anywhere, as <c>reReplaceAll</c> uses it; dot does not match newline.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegex Unanchored(string pattern) => new(pattern, anchored: false);

    public bool IsMatch(string text)
    {
        if (_literals is not null)
        {
            return _literals.Contains(text);
        }
        return _fast is not null ? _fast(text) : Engine.IsMatch(text);
    }

    /// <summary>The first match, or a match whose <see cref="Group.Success"/> is false.</summary>
    public Match Match(string text) => Engine.Match(text);

    /// <summary>Replaces every match as Go's <c>ReplaceAllString</c> does, <c>$1</c> and <c>${name}</c> expanded.</summary>
    /// <param name="expanded">Told the length of each expansion; what it throws ends the replacing.</param>
    public string ReplaceAll(string text, string template, Action<int>? expanded = null) => Engine.Replace(text, match =>
    {
        var expansion = Expand(template, match);
        expanded?.Invoke(expansion.Length);
        return expansion;
    });

    /// <summary>Expands <c>$1</c>, <c>$name</c> and <c>${name}</c> as Go's <c>Expand</c> does: the longest run of word
    /// characters is the name (<c>$1x</c> is the group "1x"), <c>$$</c> is a dollar, an unknown group is empty.</summary>
    public string Expand(string template, Match match)
    {
        if (!template.Contains('$', StringComparison.Ordinal))
        {
            return template;
        }
        var text = new StringBuilder();
        var i = 0;
        while (i < template.Length)
        {
            var c = template[i];
            if (c != '$')
            {
                text.Append(c);
                i++;
                continue;
            }
            if (i + 1 < template.Length && template[i + 1] == '$')
            {
                text.Append('$');
                i += 2;
                continue;
            }
            if (!TryReadGroupName(template, i, out var name, out var next))
            {
                text.Append('$');
                i++;
                continue;
            }
            text.Append(GroupValue(match, name));
            i = next;
        }
        return text.ToString();
    }

    public override string ToString() => Pattern;

    private static bool TryReadGroupName(string template, int dollar, out string name, out int next)
    {
        var i = dollar + 1;
        var braced = i < template.Length && template[i] == '{';
        if (braced)
        {
            i++;
        }
        var start = i;
        while (i < template.Length && (char.IsLetterOrDigit(template[i]) || template[i] == '_'))
        {
            i++;
        }
        name = template[start..i];
        next = i;
        if (name.Length == 0)
        {
            return false;
        }
        if (braced)
        {
            if (i >= template.Length || template[i] != '}')
            {
                return false;
            }
            next = i + 1;
        }
        return true;
    }

    private string GroupValue(Match match, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number <= GroupCount ? match.Groups[number].Value : "";
        }
        return GroupNames.TryGetValue(name, out number) ? match.Groups[number].Value : "";
    }

    private static Func<string, bool>? FindFastPath(string pattern)
    {
        if (pattern == ".*")
        {
            return static _ => true;
        }
        if (pattern == ".+")
        {
            return static text => text.Length > 0;
        }
        if (pattern.EndsWith(".*", StringComparison.Ordinal) && GoRegexLiterals.Literal(pattern.AsSpan()[..^2]) is { } prefix)
        {
            return text => text.StartsWith(prefix, StringComparison.Ordinal);
        }
        if (pattern.StartsWith(".*", StringComparison.Ordinal) && GoRegexLiterals.Literal(pattern.AsSpan()[2..]) is { } suffix)
        {
            return text => text.EndsWith(suffix, StringComparison.Ordinal);
        }
        return null;
    }

    private Regex Build()
    {
        try
        {
            return new(_text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            throw new GoRegexException("error parsing regexp: expression too large");
        }
    }
}
