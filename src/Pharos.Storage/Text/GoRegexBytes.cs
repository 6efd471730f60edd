using Pharos.Storage.Text.Automata;

namespace Pharos.Storage.Text;

/// <summary>Whether UTF-8 matches a regular expression of RE2's dialect, without any string being made: lines of logs are searched by it.</summary>
/// <remarks>Not thread-safe: what the automaton learns is kept without locks, so each thread needs its own. A byte that is no UTF-8 is read as
/// U+FFFD, as Go reads it.</remarks>
public sealed class GoRegexBytes
{
    private readonly byte[][]? _required;
    private readonly bool _onlyLiterals;
    private readonly bool _anchored;
    private readonly ByteAutomaton _automaton;

    private GoRegexBytes(string pattern, bool anchored)
    {
        var parsed = PatternParser.Parse(pattern, dotMatchesNewline: anchored);
        _anchored = anchored;
        var literals = RequiredLiterals.Of(parsed.Root);
        _required = literals.Texts is null ? null : [.. literals.Texts.Select(System.Text.Encoding.UTF8.GetBytes)];
        _onlyLiterals = literals.IsWhole;
        RequiredFolded = _required is null && FoldedLiteral.Of(parsed.Root) is { } folded
            ? new FoldedText(System.Text.Encoding.ASCII.GetBytes(folded)) : null;
        _automaton = new ByteAutomaton(ProgramWriter.Write(parsed, anchored));
    }

    /// <summary>What matches has one of these in it; null where nothing is known.</summary>
    public IReadOnlyList<byte[]>? Required => _required;

    /// <summary>What matches has this in it, in any case; null where nothing is known, and where <see cref="Required"/> says more.</summary>
    public FoldedText? RequiredFolded { get; }

    /// <summary>A pattern that may match anywhere; dot does not match newline.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegexBytes Unanchored(string pattern) => new(pattern, anchored: false);

    /// <summary>A pattern as label matchers use it: <c>^(?s:pattern)$</c>.</summary>
    /// <exception cref="GoRegexException">RE2 would reject the pattern.</exception>
    public static GoRegexBytes Anchored(string pattern) => new(pattern, anchored: true);

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_required is null)
        {
            return _automaton.IsMatch(text);
        }
        foreach (var literal in _required)
        {
            if (_anchored && _onlyLiterals ? text.SequenceEqual(literal) : text.IndexOf(literal) >= 0)
            {
                return _onlyLiterals || _automaton.IsMatch(text);
            }
        }
        return false;
    }
}
