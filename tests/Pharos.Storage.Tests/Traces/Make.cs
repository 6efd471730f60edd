using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Files;
using Pharos.Storage.Tests.Logs;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Builders for the trace store's tests.</summary>
internal static class Make
{
    public const long SecondNs = 1_000_000_000;
    public const long DayNs = 86_400 * SecondNs;

    /// <summary>The start of a day.</summary>
    public const long TimeNs = 20_000 * DayNs;

    public static TraceStoreOptions Options(string directory) => new() { Directory = directory, Fsync = FsyncPolicy.EachCommit };

    public static TraceStore Open(TraceStoreOptions options, IFileSystem? files = null, ILogger? logger = null, TimeProvider? time = null,
        Meter? meter = null) =>
        TraceStore.Open(options, files ?? new DiskFileSystem(), time ?? new ManualTime(), logger ?? NullLogger.Instance, meter ?? new Meter("test"));

    public static void Close(this TraceStore store) => store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    public static TraceId Id(ulong number) => new(number * 7_919, number);

    public static SpanResource Service(string name, params SpanAttribute[] more) =>
        new([new SpanAttribute("service.name", AttributeValue.OfText(name)), .. more], 0, "");

    public static SpanAttribute Text(string key, string value) => new(key, AttributeValue.OfText(value));

    public static Span Span(ulong trace, ulong id, ulong parent = 0, long startNs = TimeNs, string service = "web", string name = "GET /") => new()
    {
        TraceId = Id(trace), SpanId = id, ParentSpanId = parent, StartNs = startNs, EndNs = startNs + 1_000_000, Name = name,
        Kind = SpanKind.Server, Resource = Service(service),
    };

    public static SpanBatch Batch(string tenant, params IEnumerable<Span> spans)
    {
        var batch = new SpanBatch { Tenant = tenant };
        foreach (var span in spans)
        {
            Add(batch, span);
        }
        return batch;
    }

    public static void Append(this ITraceStore store, params Span[] spans) => store.Append(Batch("", spans));

    /// <summary>Everything that a span has, as text.</summary>
    public static string Describe(Span span) => string.Join('|', span.TraceId, span.SpanId, span.ParentSpanId, span.Name, span.Kind, span.StartNs, span.EndNs,
        span.Status, span.StatusMessage, span.TraceState, span.Flags, span.DroppedAttributes, span.DroppedEvents, span.DroppedLinks,
        Describe(span.Attributes), Describe(span.Resource.Attributes), span.Resource.DroppedAttributes, span.Resource.SchemaUrl,
        span.Scope.Name, span.Scope.Version, Describe(span.Scope.Attributes), span.Scope.DroppedAttributes, span.Scope.SchemaUrl,
        string.Join(';', span.Events.Select(happened => $"{happened.TimeNs} {happened.Name} {Describe(happened.Attributes)} {happened.DroppedAttributes}")),
        string.Join(';', span.Links.Select(link =>
            $"{link.TraceId} {link.SpanId} {link.TraceState} {link.Flags} {Describe(link.Attributes)} {link.DroppedAttributes}")));

    public static string Describe(TraceSummary summary) => string.Join('|', summary.Id, summary.RootService, summary.RootName, summary.StartNs, summary.EndNs,
        summary.Spans, summary.ErrorSpans, summary.OrphanSpans, string.Join(',', summary.Services));

    /// <summary>A trace's spans; those that stand at one place of its order sorted.</summary>
    public static string[] Describe(Trace trace)
    {
        for (var i = 1; i < trace.Spans.Count; i++)
        {
            var (before, span) = (trace.Spans[i - 1], trace.Spans[i]);
            Assert.True(before.StartNs < span.StartNs || before.StartNs == span.StartNs && before.SpanId <= span.SpanId, "spans out of order");
        }
        return [.. trace.Spans.Select(Describe).Order(StringComparer.Ordinal), $"{trace.LeftOut} left out"];
    }

    private static string Describe(IReadOnlyList<SpanAttribute> attributes) =>
        string.Join(',', attributes.Select(attribute => $"{attribute.Key}={attribute.Value.Kind}:{attribute.Value}"));

    private static void Add(SpanBatch batch, Span span)
    {
        batch.BeginResource();
        AddAll(batch, span.Resource.Attributes);
        batch.SetDroppedAttributes(span.Resource.DroppedAttributes);
        batch.SetResourceSchema(Utf8(span.Resource.SchemaUrl));
        if (span.Scope != SpanScope.None)
        {
            batch.BeginScope(Utf8(span.Scope.Name), Utf8(span.Scope.Version));
            AddAll(batch, span.Scope.Attributes);
            batch.SetDroppedAttributes(span.Scope.DroppedAttributes);
            batch.SetScopeSchema(Utf8(span.Scope.SchemaUrl));
        }
        ref var row = ref batch.BeginSpan();
        (row.TraceId, row.SpanId, row.ParentSpanId, row.StartNs, row.EndNs) = (span.TraceId, span.SpanId, span.ParentSpanId, span.StartNs, span.EndNs);
        (row.Kind, row.Status, row.Flags) = (span.Kind, span.Status, span.Flags);
        (row.DroppedEvents, row.DroppedLinks) = (span.DroppedEvents, span.DroppedLinks);
        row.Name = batch.Keep(span.Name);
        row.StatusMessage = batch.Keep(span.StatusMessage);
        row.TraceState = batch.Keep(span.TraceState);
        AddAll(batch, span.Attributes);
        batch.SetDroppedAttributes(span.DroppedAttributes);
        foreach (var happened in span.Events)
        {
            batch.BeginEvent(happened.TimeNs, Utf8(happened.Name));
            AddAll(batch, happened.Attributes);
            batch.SetDroppedAttributes(happened.DroppedAttributes);
        }
        foreach (var link in span.Links)
        {
            batch.BeginLink(link.TraceId, link.SpanId, Utf8(link.TraceState), link.Flags);
            AddAll(batch, link.Attributes);
            batch.SetDroppedAttributes(link.DroppedAttributes);
        }
    }

    private static void AddAll(SpanBatch batch, IReadOnlyList<SpanAttribute> attributes)
    {
        foreach (var (key, value) in attributes)
        {
            batch.AddAttribute(key, value);
        }
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
