using System.Globalization;
using System.Text.Json;
using Pharos.Cli.Commands.Alerts;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Queries;

/// <summary>A trace of Jaeger's JSON as a tree: each span below its parent, by start.</summary>
/// <param name="Spans">In the order of the tree; the first is the root.</param>
internal sealed record TraceTree(IReadOnlyList<TraceTreeSpan> Spans, long StartUs, long EndUs)
{
    public static TraceTree Of(JsonElement trace)
    {
        var processes = trace.GetProperty("processes");
        var spans = trace.GetProperty("spans").EnumerateArray().Select(span => Read(span, processes)).OrderBy(static span => span.StartUs).ToList();
        var ids = spans.Select(static span => span.Id).ToHashSet(StringComparer.Ordinal);
        var children = spans.ToLookup(span => ids.Contains(span.ParentId) && span.ParentId != span.Id ? span.ParentId : "", StringComparer.Ordinal);
        var ordered = new List<TraceTreeSpan>(spans.Count);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<TraceTreeSpan>(children[""].Reverse());
        while (open.TryPop(out var next))
        {
            ordered.Add(next);
            foreach (var child in shown.Add(next.Id) ? children[next.Id].Reverse() : [])
            {
                open.Push(child with { Depth = next.Depth + 1 });
            }
        }
        return new TraceTree(
            ordered.Count > 0 ? ordered : spans, spans.Count > 0 ? spans[0].StartUs : 0,
            spans.Select(static span => span.StartUs + span.DurationUs).DefaultIfEmpty().Max());
    }

    public static void Print(JsonElement traces)
    {
        foreach (var trace in traces.EnumerateArray())
        {
            var tree = Of(trace);
            var (id, start) = (trace.GetProperty("traceID").GetString(), NanosecondTime.Format(tree.StartUs * 1000));
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{id}  {start}  {Duration(tree.EndUs - tree.StartUs)}  {tree.Spans.Count} spans"));
            var rows = new List<string[]> { new[] { "SPAN", "SERVICE", "OFFSET", "DURATION", "STATUS" } };
            rows.AddRange(tree.Spans.Select(span => new[]
            {
                new string(' ', 2 * span.Depth) + span.Name, span.Service, Duration(span.StartUs - tree.StartUs), Duration(span.DurationUs),
                span.IsError ? "error" : "",
            }));
            Table.Print(rows);
        }
    }

    public static string Duration(long microseconds) => GoDuration.FormatNs(microseconds * 1000);

    private static TraceTreeSpan Read(JsonElement span, JsonElement processes) => new(
        span.GetProperty("spanID").GetString()!,
        span.GetProperty("references").EnumerateArray().Where(static reference => reference.GetProperty("refType").GetString() == "CHILD_OF")
            .Select(static reference => reference.GetProperty("spanID").GetString()!).FirstOrDefault() ?? "",
        span.GetProperty("operationName").GetString()!,
        processes.GetProperty(span.GetProperty("processID").GetString()!).GetProperty("serviceName").GetString()!,
        span.GetProperty("startTime").GetInt64(),
        span.GetProperty("duration").GetInt64(),
        span.GetProperty("tags").EnumerateArray().Any(static tag => tag.GetProperty("key").GetString() == "error"
            && tag.GetProperty("value").ToString() is "True" or "true"),
        0);
}
