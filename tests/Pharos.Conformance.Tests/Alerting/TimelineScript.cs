using System.Globalization;
using System.Text.RegularExpressions;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>One story of alerts: a configuration, what happens when, and what each receiver is told when.</summary>
/// <remarks>
/// A file holds several, each begun by <c>== NAME</c>. Then come, where needed, <c>because: WHY</c> (Alertmanager tells something
/// else, and this is why Pharos does not), <c>only: WHY</c> (the real Alertmanager is not asked) and <c>limits:</c> with
/// <c>start-delay=SECONDS</c> or <c>per-alertname-limit=COUNT</c>; then alertmanager.yml, in which receivers may be missing: each
/// that the routes name is a webhook. Every line that begins with a number is a step:
/// <code>
/// 1    alert A zone=x from:1 until:5 note:text    posts {alertname="A", zone="x"}; times and note only where they matter
/// 2    resolved A zone=x                          posts it with its end now
/// 2    silence S 5 alertname=A, zone!="y"         until second 5, or 3-5; a name that is known is that silence changed
/// 3    expire S
/// 3    answer hook fail                           hook's first webhook answers 503 from now on; refuse is 400, ok is 200
/// 4    reload OLD => NEW                          with the first text of the file replaced by the other
/// 5    stop, start, restart
/// 6    -> hook: A zone=x [1-], !B                 told at second 6, in this order; ! is resolved; [start-end] only where it matters
/// 6    +> ...                                     Pharos alone tells this
/// 6    ~> ...                                     Alertmanager alone tells this
/// 9    end                                        and nothing else until here
/// </code>
/// </remarks>
internal sealed partial record TimelineScript(
    string Name, string? Because, string? Only, string Limits, IReadOnlyList<string> Config, IReadOnlyList<TimelineStep> Steps)
{
    public static string Folder { get; } = Path.Combine(Checkout.Root, "tests", "Pharos.Conformance.Tests", "Alerting", "timelines");

    public double End => Steps.Max(step => step.At);

    /// <summary>Ends or reloads the process: nobody else can share it.</summary>
    public bool NeedsOwnProcess => Steps.Any(step => step.Verb is "reload" or "stop" or "start" or "restart");

    public bool HasTimesOfDay => Config.Contains("time_intervals:", StringComparer.Ordinal);

    /// <summary>What happens, in order; expectations are no actions.</summary>
    public IEnumerable<TimelineStep> Actions => Steps.Where(step => !step.Verb.EndsWith('>') && step.Verb != "end");

    public static IReadOnlyList<TimelineScript> All() =>
        [.. Directory.GetFiles(Folder, "*.timeline").Order(StringComparer.Ordinal).SelectMany(ReadFile)];

    /// <summary>The whole of alertmanager.yml.</summary>
    public string Yaml()
    {
        var text = string.Join('\n', Config);
        return Config.Contains("receivers:", StringComparer.Ordinal) ? text
            : $"{text}\nreceivers:\n" + string.Concat(Receivers().Select(
                name => $"- name: {name}\n  webhook_configs:\n  - url: http://sink/{name}/0\n"));
    }

    /// <summary>The receivers that routes and steps name.</summary>
    public IReadOnlyList<string> Receivers() => [.. Config.Concat(Steps.Where(step => step.Verb == "reload").Select(step => step.Rest))
        .SelectMany(line => ReceiverName().Matches(line)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>What is told, each with its second, receiver and alerts.</summary>
    /// <param name="mark">That of the lines which only one of the two programs follows.</param>
    public IReadOnlyList<(double At, string Receiver, string Alerts)> Expected(string mark) =>
        [.. Steps.Where(step => step.Verb == "->" || step.Verb == mark).Select(step =>
        {
            var parts = step.Rest.Split(": ", 2);
            return (step.At, parts[0].Contains('/', StringComparison.Ordinal) ? parts[0] : parts[0] + "/0", parts[1]);
        })];

    private static IEnumerable<TimelineScript> ReadFile(string path) => File.ReadAllText(path).Split("\n== ").Skip(1).Select(Read);

    private static TimelineScript Read(string text)
    {
        var lines = text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
        var config = lines.Skip(1).TakeWhile(line => !char.IsAsciiDigit(line[0])).ToList();
        var steps = lines.Skip(1 + config.Count).Select(line => StepLine().Match(line)).Select(match => match.Success
            ? new TimelineStep(
                double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value, match.Groups[3].Value)
            : throw new FormatException($"a line of '{lines[0]}' is no step"));
        return new TimelineScript(
            lines[0], Take(config, "because: "), Take(config, "only: "), Take(config, "limits: ") ?? "", config, [.. steps]);
    }

    private static string? Take(List<string> config, string key)
    {
        var line = config.Find(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? null : config.Remove(line) ? line[key.Length..] : null;
    }

    [GeneratedRegex(@"^([\d.]+)\s+(\S+)\s*(.*)$")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"receiver: (\w+)")]
    private static partial Regex ReceiverName();
}
