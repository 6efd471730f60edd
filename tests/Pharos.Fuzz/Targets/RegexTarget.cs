using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Fuzz.Targets;

/// <summary>A regular expression of Go: translated, compiled, matched and used for replacing.</summary>
internal sealed class RegexTarget : FuzzTarget
{
    private static readonly string[] Subjects =
        ["", "a", "abc", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "GET /api/v1/query 200", "\u00fc\n\ud83d\ude00", "10.0.0.1:9100"];

    public override string Name => "regex";

    /// <summary>Time is in proportion to the instructions, and a counted repetition of seven bytes may be a thousand of them.</summary>
    public override TimeSpan MaxTime => TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="MaxTime"/>
    public override long BytesPerInputByte => 50_000;

    public override IReadOnlyList<string> Tokens =>
    [
        "(", ")", "(?:", "(?i)", "(?s:", "(?P<n>", "(?<n>", "(?-", "[", "]", "[^", "[:alpha:]", "[[:^digit:]]", "\\d", "\\W", "\\b", "\\B", "\\A", "\\z", "\\Q", "\\E", "\\pL",
        "\\p{Greek}", "\\P{^Lu}", "\\x{10FFFF}", "\\x41", "\\07", "\\C", "\\1", ".", ".*", ".+", "*", "+", "?", "*?", "{2}", "{2,}", "{0,1000}", "{1001}", "{,5}", "|", "^", "$", "-",
        "a", "\u00fc", "\ud83d\ude00", "\\", "\n",
    ];

    public override string Run(byte[] input)
    {
        var pattern = Encoding.UTF8.GetString(input);
        var shape = "";
        foreach (var make in new Func<string, GoRegex>[] { GoRegex.Anchored, GoRegex.Unanchored })
        {
            GoRegex regex;
            try
            {
                regex = make(pattern);
            }
            catch (GoRegexException bad)
            {
                return Shape.Of(bad.Message);
            }
            foreach (var subject in Subjects)
            {
                shape += regex.IsMatch(subject) ? '1' : '0';
                shape += Shape.Of(regex.ReplaceAll(subject, "$1-${n}$$").Length);
            }
            shape += $"g{regex.GroupCount}";
        }
        return shape;
    }
}
