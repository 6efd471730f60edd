using System.Globalization;
using System.Text;
using Pharos.Storage.Text.Automata;

namespace Pharos.Storage.Text;

/// <summary>A regular expression in RE2's dialect, as Go's <c>regexp</c> package runs it: linear time, no lookaround, no
/// back-references, ASCII classes, groups numbered from left to right.</summary>
/// <remarks>Immutable and thread-safe. Literals, alternations of literals and <c>.*</c>, <c>.+</c>, <c>literal.*</c>
/// are decided without the engine: they are nearly all that label matchers hold.</remarks>
public sealed class GoRegex
{
    /// <summary>What a relabel rule has where it names no expression.</summary>
    private const string CaptureAll = "(.*)";

    private readonly ParsedPattern _parsed;
    private readonly bool _anchored;
    private readonly bool _dotMatchesNewline;
    private readonly HashSet<string>? _literals;
    private readonly Func<string, bool>? _fast;
    private PatternProgram? _program;
    private WholeTextMatcher? _matcher;
    private CaptureSearch? _idleSearch;

    private GoRegex(string pattern, bool anchored, bool dotMatchesNewline)
    {
        Pattern = pattern;
        _anchored = anchored;
        _dotMatchesNewline = dotMatchesNewline;
        _parsed = PatternParser.Parse(pattern, dotMatchesNewline);
        if (anchored)
        {
            LiteralAlternatives = GoRegexLiterals.Alternatives(pattern);
            _literals = LiteralAlternatives is { Count: > 0 } found ? new HashSet<string>(found, StringComparer.Ordinal) : null;
            _fast = _literals is null ? FindFastPath(pattern) : null;
            LiteralPrefix = GoRegexLiterals.Prefix(pattern);
        }
    }

    public string Pattern { get; }

    /// <summary>The number of capturing groups, without the whole match.</summary>
    public int GroupCount => _parsed.GroupCount;

    /// <summary>The number of each named group.</summary>
    public IReadOnlyDictionary<string, int> GroupNames => _parsed.GroupNames;

    /// <summary>Written when it is first needed: the strings of a list are looked up without.</summary>
    private PatternProgram Program => _program ??= ProgramWriter.Write(_parsed, _anchored);

    /// <summary>For an anchored pattern that can match only these strings, the strings; otherwise null.</summary>
    public IReadOnlyList<string>? LiteralAlternatives { get; }

    /// <summary>What every text begins with that an anchored pattern matches, as far as that is seen at once; often empty.</summary>
    public string LiteralPrefix { get; } = "";

    /// <summary>A pattern as matchers and relabel rules use it: <c>^(?s:pattern)$</c>.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegex Anchored(string pattern) => new(pattern, anchored: true, dotMatchesNewline: true);

    /// <summary>A pattern as Alertmanager's matchers use it: <c>^(?:pattern)$</c>; dot does not match newline.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegex AnchoredByLine(string pattern) => new(pattern, anchored: true, dotMatchesNewline: false);

    /// <summary>A pattern that may match anywhere, as <c>reReplaceAll</c> uses it; dot does not match newline.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegex Unanchored(string pattern) => new(pattern, anchored: false, dotMatchesNewline: false);

    public bool IsMatch(string text)
    {
        if (_literals is not null)
        {
            return _literals.Contains(text);
        }
        // The short ways take a dot for anything.
        if (_fast is not null && (_dotMatchesNewline || !text.Contains('\n', StringComparison.Ordinal)))
        {
            return _fast(text);
        }
        return _anchored ? (_matcher ??= new WholeTextMatcher(Program)).IsMatch(text) : Find(text, 0) is not null;
    }

    /// <summary>The first match, or a match whose <see cref="GoRegexMatch.Success"/> is false.</summary>
    public GoRegexMatch Match(string text)
    {
        if (!_anchored)
        {
            return new GoRegexMatch(text, Find(text, 0));
        }
        if (Pattern == CaptureAll)
        {
            return new GoRegexMatch(text, [0, text.Length, 0, text.Length]);
        }
        // To tell whether there is a match is cheaper than to find its groups.
        return new GoRegexMatch(text, !IsMatch(text) ? null : GroupCount == 0 ? [0, text.Length] : Find(text, 0));
    }

    /// <summary>Every match, from left to right, as Go's <c>FindAll</c> has them; for a pattern that is not anchored.</summary>
    public IEnumerable<GoRegexMatch> Matches(string text)
    {
        var (from, last) = (0, -1);
        while (from <= text.Length && Find(text, from) is { } places)
        {
            var match = new GoRegexMatch(text, places);
            // Nothing, right behind a match, is no match of its own.
            if (match.End > match.Start || match.Start != last)
            {
                yield return match;
            }
            last = match.End;
            TextPlace.RuneAt(text, from, out var length);
            from = match.End > from ? match.End : from + length;
        }
    }

    /// <summary>Replaces every match as Go's <c>ReplaceAllString</c> does, <c>$1</c> and <c>${name}</c> expanded.</summary>
    /// <param name="text">What is searched.</param>
    /// <param name="template">What takes the place of a match.</param>
    /// <param name="expanded">In a pattern that is not anchored, told the length of each expansion; what it throws ends the replacing.</param>
    public string ReplaceAll(string text, string template, Action<int>? expanded = null)
    {
        if (_anchored)
        {
            return Match(text) is { Success: true } whole ? Expand(template, whole) : text;
        }
        var result = new StringBuilder();
        var (copied, from) = (0, 0);
        while (from <= text.Length && Find(text, from) is { } places)
        {
            var match = new GoRegexMatch(text, places);
            result.Append(text, copied, match.Start - copied);
            // Nothing, right behind a match, is no match of its own.
            if (match.End > copied || match.Start == 0)
            {
                var expansion = Expand(template, match);
                expanded?.Invoke(expansion.Length);
                result.Append(expansion);
            }
            copied = match.End;
            TextPlace.RuneAt(text, from, out var length);
            from = match.End > from ? match.End : from + length;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Expands <c>$1</c>, <c>$name</c> and <c>${name}</c> as Go's <c>Expand</c> does: the longest run of word
    /// characters is the name (<c>$1x</c> is the group "1x"), <c>$$</c> is a dollar, an unknown group is empty.</summary>
    public string Expand(string template, GoRegexMatch match)
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

    private string GroupValue(GoRegexMatch match, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return match.Value(number);
        }
        return GroupNames.TryGetValue(name, out number) ? match.Value(number) : "";
    }

    private static Func<string, bool>? FindFastPath(string pattern)
    {
        if (pattern is ".*" or CaptureAll)
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

    private int[]? Find(string text, int from)
    {
        var search = Interlocked.Exchange(ref _idleSearch, null) ?? new CaptureSearch(Program);
        var places = search.Find(text, from);
        Volatile.Write(ref _idleSearch, search);
        return places;
    }
}
