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
    public Task The_real_Alertmanager_tells_the_same_but_where_a_script_says_why_not() =>
        ComparedAsync(static script => !script.HasTimesOfDay);

    /// <summary>Waits for the end of the minute.</summary>
    [Fact]
    public Task The_real_Alertmanager_knows_the_same_times_of_day() => ComparedAsync(static script => script.HasTimesOfDay);

    private static async Task ComparedAsync(Func<TimelineScript, bool> isWanted)
    {
        PeerTimelines.Need();
        var scripts = Scripts.Where(script => script.Only is null && isWanted(script)).ToArray();
        var wrong = await WrongAsync(scripts);
        // A busy machine can make a second of a peer's longer than one of ours: what is wrong must be so twice.
        wrong = wrong.Count == 0 ? wrong : await WrongAsync([.. wrong.Keys]);
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong.Select(pair => $"{pair.Key.Name}\n{pair.Value}")));
    }

    private static async Task<Dictionary<TimelineScript, string>> WrongAsync(IReadOnlyList<TimelineScript> scripts)
    {
        var alone = scripts.Where(script => script.NeedsOwnProcess).Select(script => (TimelineScript[])[script]);
        TimelineScript[] together = [.. scripts.Where(script => !script.NeedsOwnProcess)];
        var plays = await Task.WhenAll(alone.Append(together).Where(some => some.Length > 0).Select(async some =>
        {
            using var peer = new PeerTimelines(some);
            return await peer.PlayAsync(TestContext.Current.CancellationToken);
        }));
        var told = plays.SelectMany(play => play).ToDictionary();
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
