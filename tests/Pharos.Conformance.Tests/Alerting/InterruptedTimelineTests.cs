using System.Globalization;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>A timeline is played with the process ended and begun again, or its configuration read again, before and after each thing that
/// happens and each notification: nobody may be told anything else, or at another time.</summary>
public sealed class InterruptedTimelineTests
{
    private const int GeneratedCount = 2;

    /// <summary>By script: what a restart does change, and why.</summary>
    private static readonly Dictionary<string, string> ChangedByRestart = new(StringComparer.Ordinal)
    {
        ["An alert nobody renews is over after the resolve timeout"] = "after a restart senders have time to say again what fires",
        ["An end that the sender gives counts, whatever the resolve timeout"] = "after a restart senders have time to say again what fires",
    };

    private static readonly IReadOnlyList<TimelineScript> Scripts = [.. TimelineScript.All()
        .Where(static script => !script.NeedsOwnProcess && script.Limits.Length == 0 && script.Steps.All(static step => step.Verb != "answer"))];

    public static TheoryData<string> Names => [.. Scripts.Select(static script => script.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_restart_or_reload_at_any_point_changes_nothing(string name) => InterruptedAsync(Scripts.Single(script => script.Name == name));

    [Fact]
    public async Task Nor_does_it_change_generated_timelines()
    {
        for (var seed = 0; seed < GeneratedCount; seed++)
        {
            await InterruptedAsync(Generated(seed));
        }
    }

    private static async Task InterruptedAsync(TimelineScript script)
    {
        var expected = News(await VirtualTimeline.PlayAsync(script));
        var ticks = expected.Select(static line => double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
        var points = script.Actions.Select(static step => step.At).Concat(ticks).Distinct()
            .SelectMany(static at => (double[])[at - 0.001, at, at + 0.001]).Where(at => at > 0 && at <= script.End);
        foreach (var point in points)
        {
            foreach (var verb in (string[])["reload", "restart"])
            {
                if (verb == "restart" && ChangedByRestart.ContainsKey(script.Name))
                {
                    continue;
                }
                var interruption = new TimelineStep(Math.Round(point, 3), verb, "");
                var interrupted = script with { Steps = [.. script.Steps.Append(interruption).OrderBy(static step => step.At)] };
                var told = News(await VirtualTimeline.PlayAsync(interrupted));
                Assert.True(expected.SequenceEqual(told),
                    $"{script.Name}\n{Steps(script)}\n{verb} at {point:F3}\nexpected\n  {Lines(expected)}\ntold\n  {Lines(told)}");
            }
        }
    }

    /// <summary>Without the ends of which a receiver need not hear: it knows them, or never heard of the alert. An alert of which one of its
    /// groups has still to tell the end is after a restart in all of them, and listed where something else is told.</summary>
    private static string[] News((string[] Told, string[] Expected) played)
    {
        var firing = new HashSet<string>(StringComparer.Ordinal);
        return [.. played.Told.Select(line =>
        {
            var words = line.Split(": ", 2);
            var receiver = words[0].Split(' ')[1];
            return $"{words[0]}: {string.Join(", ", words[1].Split(", ").Where(alert => IsNews(firing, receiver, alert.Split(" [")[0])))}";
        })];
    }

    private static bool IsNews(HashSet<string> firing, string receiver, string alert) =>
        alert[0] == '!' ? firing.Remove($"{receiver} {alert[1..]}") : firing.Add($"{receiver} {alert}") || true;

    private static string Steps(TimelineScript script) => string.Join('\n', script.Actions.Select(step => $"{step.At} {step.Verb} {step.Rest}"));

    private static string Lines(string[] lines) => string.Join("\n  ", lines);

    /// <summary>Alerts, ends and silences at random moments, below routes of every kind.</summary>
    private static TimelineScript Generated(int seed)
    {
        var random = new Random(seed);
        var steps = new List<TimelineStep>();
        var silences = 0;
        for (var at = 1.0; at < 40; at += 0.1 + (random.Next(40) / 10.0))
        {
            var alert = $"{"ABCS"[random.Next(4)]} zone={"xy"[random.Next(2)]}";
            var (verb, rest) = random.Next(10) switch
            {
                < 6 => ("alert", alert),
                < 9 => ("resolved", alert),
                _ => ("silence", $"N{silences++} {(at + 3 + random.Next(9)).ToString("F1", CultureInfo.InvariantCulture)} alertname={"AB"[random.Next(2)]}"),
            };
            steps.Add(new TimelineStep(Math.Round(at, 1), verb, rest));
        }
        string[] config =
        [
            "route:", "  receiver: root",
            $"  group_by: [{(random.Next(2) == 0 ? "zone" : "alertname")}]", "  group_wait: 1s",
            $"  group_interval: {1 + random.Next(4)}s",
            $"  repeat_interval: {3 + random.Next(20)}s", "  routes:", "  - receiver: first", "    matchers: [alertname=\"A\"]", "    continue: true",
            "  - receiver: second", "    matchers: [alertname=~\"A|B\"]", "    group_wait: 3s", "    group_by: []", "inhibit_rules:",
            "- source_matchers: [alertname=\"S\"]", "  target_matchers: [alertname=\"C\"]", "  equal: [zone]",
        ];
        return new TimelineScript($"generated {seed}", null, null, "", config, [.. steps, new TimelineStep(60, "end", "")]);
    }
}
