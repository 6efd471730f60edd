using System.IO.Compression;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Storage.State;
using Pharos.Storage.Traces;

namespace Pharos.Server.Traces;

/// <summary>Traces that somebody asked to keep: they stay when the retention takes them from the store.</summary>
/// <remarks>Thread-safe. Kept with the state that is no telemetry, as OTLP's protobuf, packed.</remarks>
internal sealed class TraceArchive(IStateStore state)
{
    /// <summary>Bounds the traces kept.</summary>
    public const int MaxTraces = 1_000;

    private const string Collection = "archived-traces";

    /// <summary>The ids alone: the traces need not be read to be counted.</summary>
    private const string Ids = "archived-trace-ids";

    /// <summary>Keeps a trace, in place of what was kept of it before.</summary>
    /// <returns>Why it cannot be kept; empty where it is.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public string Keep(string tenant, Trace trace)
    {
        var key = KeyOf(tenant, trace.Id);
        if (state.Find(Ids, key) is null && state.All(Ids).Count >= MaxTraces)
        {
            return $"the archive holds {MaxTraces} traces and takes no more";
        }
        var packed = Pack(trace.Spans);
        if (packed.Length > IStateStore.MaxValueBytes)
        {
            return $"the trace is larger than the {IStateStore.MaxValueBytes} bytes that the archive takes";
        }
        state.Put(Collection, key, packed);
        state.Put(Ids, key, []);
        return "";
    }

    /// <summary>Null where it is not kept.</summary>
    public Trace? Find(string tenant, TraceId id) =>
        state.Find(Collection, KeyOf(tenant, id)) is { } entry ? new Trace(id, Unpack(entry.Value), 0) : null;

    private static string KeyOf(string tenant, TraceId id) => tenant.Length == 0 ? id.ToString() : $"{tenant}/{id}";

    private static byte[] Pack(IReadOnlyList<Span> spans)
    {
        var writer = new ProtobufWriter();
        OtlpTraceProtobuf.Write(writer, spans);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(writer.Written);
        }
        return packed.ToArray();
    }

    private static IReadOnlyList<Span> Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return OtlpSpans.FromProtobuf(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length));
    }
}
