using System.Text.RegularExpressions;
using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text.Automata;

/// <summary>On patterns that mean the same in both, the framework's engines are the model.</summary>
public sealed class GoRegexAgainstDotNetTests
{
    private const int Patterns = 250;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Matches_the_same_whole_texts(int seed)
    {
        var generated = new GeneratedPattern(new Random(seed), nullableLoops: false);
        for (var i = 0; i < Patterns; i++)
        {
            var (go, dotNet) = generated.Next();
            var model = new Regex($@"\A(?s:{dotNet})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);
            var regex = GoRegex.Anchored(go);
            foreach (var text in Enumerable.Range(0, 40).Select(_ => generated.Text()))
            {
                Assert.True(model.IsMatch(text) == regex.IsMatch(text), $"seed {seed}: {go} on {text}");
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Finds_the_same_groups_anywhere_in_a_text(int seed)
    {
        var generated = new GeneratedPattern(new Random(seed), nullableLoops: false);
        for (var i = 0; i < Patterns; i++)
        {
            var (go, dotNet) = generated.Next();
            var model = new Regex(dotNet, RegexOptions.CultureInvariant, Limit);
            var regex = GoRegex.Unanchored(go);
            foreach (var text in Enumerable.Range(0, 40).Select(_ => generated.Text()))
            {
                var expected = model.Match(text);
                var found = regex.Match(text);
                Assert.True(expected.Success == found.Success, $"seed {seed}: {go} on {text}");
                for (var group = 0; group <= regex.GroupCount; group++)
                {
                    Assert.True(expected.Groups[group].Value == found.Value(group), $"seed {seed}: group {group} of {go} on {text}");
                }
            }
        }
    }

    /// <summary>The framework's own answers are wrong for some loops around nothing, such as <c>(?:\d+|){2}1</c> on 1; the two ways that
    /// a program is run have only the program in common.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Loops_around_nothing_match_the_same_with_and_without_groups(int seed)
    {
        var generated = new GeneratedPattern(new Random(seed), nullableLoops: true);
        for (var i = 0; i < Patterns; i++)
        {
            var (go, _) = generated.Next();
            var regex = GoRegex.Anchored(go);
            var other = GoRegex.Unanchored($@"\A(?s:{go})\z");
            foreach (var text in Enumerable.Range(0, 40).Select(_ => generated.Text()))
            {
                Assert.True(other.IsMatch(text) == regex.IsMatch(text), $"seed {seed}: {go} on {text}");
            }
        }
    }
}
