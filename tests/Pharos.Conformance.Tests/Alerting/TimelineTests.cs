namespace Pharos.Conformance.Tests.Alerting;

/// <summary>What is told to whom and when: exactly, on a clock of the tests; and the same by the real Alertmanager.</summary>
public sealed class TimelineTests
{
    private static readonly IReadOnlyList<TimelineScript> Scripts = TimelineScript.All();

    public static TheoryData<string> Names => [.. Scripts.Select(script => script.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Everybody_is_told_at_the_exact_time(string name)
    {
        var (told, expected) = await VirtualTimeline.PlayAsync(Scripts.Single(script => script.Name == name));
        Assert.Equal(expected, told);
    }

    [Fact]
    public void Each_difference_to_Alertmanager_is_explained()
    {
        foreach (var script in Scripts)
        {
            var differs = script.Steps.Any(step => step.Verb is "+>" or "~>");
            Assert.True(!differs || script.Because is not null || script.Only is not null, $"'{script.Name}' does not say why it differs");
        }
    }

    [Fact]
    public async Task The_real_Alertmanager_tells_the_same_but_where_a_script_says_why_not()
    {
        PeerTimelines.Need();
        var scripts = Scripts.Where(script => script.Only is null).ToArray();
        var wrong = await WrongAsync(scripts);
        // A busy machine can make a second of a peer's longer than one of ours: what is wrong must be so twice.
        wrong = wrong.Count == 0 ? wrong : await WrongAsync([.. wrong.Keys]);
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Select(pair => $"{pair.Key.Name}\n{pair.Value}")));
    }

    private static async Task<Dictionary<TimelineScript, string>> WrongAsync(IReadOnlyList<TimelineScript> scripts)
    {
        using var peer = new PeerTimelines(scripts);
        var told = await peer.PlayAsync(TestContext.Current.CancellationToken);
        var wrong = new Dictionary<TimelineScript, string>();
        foreach (var script in scripts)
        {
            string[] expected = [.. script.Expected("~>")
                .OrderBy(line => line.Receiver, StringComparer.Ordinal).ThenBy(line => line.At)
                .Select(line => $"{line.Receiver}: {string.Join(", ", line.Alerts.Split(", ").Select(alert => alert.Split(" [")[0]))}")];
            if (!IsSame(script, expected, told[script]))
            {
                wrong[script] = $"expected\n  {string.Join("\n  ", expected)}\ntold\n  {string.Join("\n  ", told[script])}";
            }
        }
        return wrong;
    }

    /// <summary>What groups of one receiver are told at the same second has no order.</summary>
    private static bool IsSame(TimelineScript script, string[] expected, string[] told)
    {
        var hasTies = script.Expected("~>").GroupBy(line => (line.At, line.Receiver)).Any(same => same.Count() > 1);
        return hasTies ? expected.Order(StringComparer.Ordinal).SequenceEqual(told.Order(StringComparer.Ordinal)) : expected.SequenceEqual(told);
    }
}
