using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text.Automata;

/// <summary>What Go's <c>regexp</c> documents, and what its tests demand (regexp/all_test.go, find_test.go, syntax/parse_test.go).</summary>
public sealed class GoRegexSemanticsTests
{
    [Theory]
    [InlineData(".", "\U0001F600", true)]
    [InlineData("[\U0001F600-\U0001F64F]", "\U0001F601", true)]
    [InlineData("[^a]", "\U0001F600", true)]
    [InlineData(@"\x{1F600}+", "\U0001F600\U0001F600", true)]
    [InlineData(@"\x{D800}", "\uFFFD", false)]
    [InlineData("(?i)straße", "STRASSE", false)]
    [InlineData("(?i)ß", "\u1E9E", true)]
    [InlineData("(?i)k", "\u212A", true)]
    [InlineData("(?i)\u017F", "S", true)]
    [InlineData("(?i)σ", "ς", true)]
    [InlineData("(?i)i", "\u0130", false)]
    [InlineData("(?i)ı", "I", false)]
    [InlineData("(?i)[^k]", "\u212A", false)]
    [InlineData("(?i)[^k]", "K", false)]
    [InlineData(@"(?i)\W", "\u017F", false)]
    [InlineData("(?i)[[:^alpha:]]", "\u212A", false)]
    [InlineData("(?i)[[:upper:]]+", "aB", true)]
    [InlineData(@"(?i)\p{Lu}+", "aB", true)]
    [InlineData(@"\p{Greek}+", "αβγ", true)]
    [InlineData(@"\P{^Greek}", "α", true)]
    [InlineData(@"\pN", "٣", true)]
    [InlineData(@"\pC", "\u0378", false)]
    [InlineData(@"[^\x00-\x{10FFFF}]", "a", false)]
    [InlineData(@"[^\x00-\x{10FFFF}]*", "", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[a-]+", "-a", true)]
    [InlineData("[-a]+", "-a", true)]
    [InlineData("[[:]", ":", true)]
    [InlineData(@"\v", "\v", true)]
    [InlineData(@"\s", "\v", false)]
    [InlineData(@"[[:space:]]", "\v", true)]
    [InlineData(@"\012", "\n", true)]
    [InlineData(@"\Q\\E", @"\", true)]
    [InlineData(@"\Qab\E+", "abb", true)]
    [InlineData(@"\Qab\E+", "abab", false)]
    [InlineData("x{02}", "x{02}", true)]
    [InlineData("x{,2}", "x{,2}", true)]
    [InlineData("x{2", "x{2", true)]
    [InlineData("}", "}", true)]
    [InlineData("a(?i)b*", "aBb", true)]
    [InlineData("(?i:a)a", "Aa", true)]
    [InlineData("(?i:a)a", "AA", false)]
    [InlineData("(?-s).", "\n", false)]
    [InlineData("(?m)a$\n^b", "a\nb", true)]
    [InlineData("a$\n", "a\n", false)]
    [InlineData(@"a\b-\Bé", "a-é", true)]
    [InlineData("(|a)*b", "aab", true)]
    [InlineData(@"(?:\d+|){2}1", "1", true)]
    [InlineData("(?:(?:a*)*)*b", "aaaaaaaaaaaaaaaaaaaaaaac", false)]
    public void Anchored_matches_as_Go(string pattern, string text, bool expected) => Assert.Equal(expected, GoRegex.Anchored(pattern).IsMatch(text));

    [Theory]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("a*??b*{2}", "invalid nested repetition operator: `*??`")]
    [InlineData("x{2}{3}", "invalid nested repetition operator: `{2}{3}`")]
    [InlineData("a|*", "missing argument to repetition operator: `*`")]
    [InlineData("(+)", "missing argument to repetition operator: `+`")]
    [InlineData("(a", "missing closing ): `(a`")]
    [InlineData("a)", "unexpected ): `a)`")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData("[z-a]", "invalid character class range: `z-a`")]
    [InlineData("[[:wrong:]]", "invalid character class range: `[:wrong:]`")]
    [InlineData(@"\p{Wrong}", @"invalid character class range: `\p{Wrong}`")]
    [InlineData(@"\y", @"invalid escape sequence: `\y`")]
    [InlineData(@"\x{110000}", @"invalid escape sequence: `\x{110000`")]
    [InlineData(@"a\", "trailing backslash at end of expression: ``")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax: `(?=`")]
    [InlineData("(?P<n>a)(?P<n>b)", "duplicate capture group name: `n`")]
    [InlineData("(?P<n->a)", "invalid named capture: `(?P<n->`")]
    [InlineData("x{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("x{3,2}", "invalid repeat count: `{3,2}`")]
    public void Says_what_Go_says_of_a_wrong_pattern(string pattern, string message)
    {
        var error = Assert.Throws<GoRegexException>(() => GoRegex.Anchored(pattern));
        Assert.Equal($"error parsing regexp: {message}", error.Message);
    }

    [Theory]
    [InlineData("a*", "baaac", "x", "xbxcx")]
    [InlineData("", "äb", "-", "-ä-b-")]
    [InlineData("b*", "abb", "<$0>", "<>a<bb>")]
    [InlineData("(a)(b)?", "abac", "[$2$1]", "[ba][a]c")]
    [InlineData("a+?", "aaa", "x", "xxx")]
    [InlineData("(?U)a+", "aaa", "x", "xxx")]
    [InlineData("(a|ab)(c|bcd)(d*)", "abcd", "$1,$2,$3", "a,bcd,")]
    [InlineData("(|a)*", "aa", "(${1})", "()a()a()")]
    [InlineData("(|a)+", "aa", "(${1})", "()a()a()")]
    [InlineData("^a", "aaa", "x", "xaa")]
    [InlineData("(?m)^a", "ab\na", "x", "xb\nx")]
    [InlineData(@"\b", "ab c", "|", "|ab| |c|")]
    public void Replaces_as_Go(string pattern, string text, string template, string expected) =>
        Assert.Equal(expected, GoRegex.Unanchored(pattern).ReplaceAll(text, template));

    [Fact]
    public void Half_a_surrogate_pair_is_the_replacement_character()
    {
        Assert.True(GoRegex.Anchored("[\uFFFD].").IsMatch("\uD800\uDC00\uDC00"[2..] + "a"));
        Assert.False(GoRegex.Anchored(@"[\x{D800}-\x{DFFF}]").IsMatch("\uDC00"));
    }

    [Fact]
    public void An_anchored_pattern_replaces_whole_texts_only()
    {
        Assert.Equal("b-a", GoRegex.Anchored("(a)(b)").ReplaceAll("ab", "$2-$1"));
        Assert.Equal("xab", GoRegex.Anchored("(a)(b)").ReplaceAll("xab", "$2-$1"));
        Assert.Equal("x", GoRegex.Anchored("a*").ReplaceAll("", "x"));
    }
}
