using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Pages;

/// <summary>What a block's directory says of a page: traces of one tenant that follow each other by start.</summary>
/// <remarks>Times are of spans: the least and the greatest start, the least and the greatest duration.</remarks>
internal sealed record PageEntry(
    long Offset, int Tenant, int FirstTrace, int Traces, int Rows, long MinStartNs, long MaxStartNs, long MinDurationNs, long MaxDurationNs,
    uint Kinds, uint Statuses, int[] Scopes, FrameSize[] Frames)
{
    public const int FrameCount = (int)PageFrame.Filter + 1;

    /// <summary>A directory's page takes no less.</summary>
    public const int MinBytes = 20;

    /// <summary>The bit for a kind or a status; numbers that nobody knows share one.</summary>
    public static uint BitOf(byte number) => 1u << Math.Min(number, (byte)31);

    public void Write(ByteWriter into)
    {
        into.UVarint((ulong)Offset);
        into.UVarint((ulong)Tenant);
        into.UVarint((ulong)Traces);
        into.UVarint((ulong)Rows);
        into.Varint(MinStartNs);
        into.Varint(MaxStartNs);
        into.Varint(MinDurationNs);
        into.Varint(MaxDurationNs);
        into.UVarint(Kinds);
        into.UVarint(Statuses);
        into.UVarint((ulong)Scopes.Length);
        var before = 0;
        foreach (var scope in Scopes)
        {
            into.UVarint((ulong)(scope - before));
            before = scope;
        }
        foreach (var frame in Frames)
        {
            frame.Write(into);
        }
    }

    public static PageEntry Read(ref ByteReader reader, int firstTrace)
    {
        var offset = (long)reader.UVarint();
        var (tenant, traces, rows) = (Number(ref reader), Number(ref reader), Number(ref reader));
        var (minStart, maxStart) = (reader.Varint(), reader.Varint());
        var (minDuration, maxDuration) = (reader.Varint(), reader.Varint());
        var (kinds, statuses) = ((uint)reader.UVarint(), (uint)reader.UVarint());
        var scopes = new int[reader.Count()];
        var before = 0;
        for (var i = 0; i < scopes.Length; i++)
        {
            scopes[i] = before += Number(ref reader);
        }
        var frames = new FrameSize[FrameCount];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = FrameSize.Read(ref reader);
        }
        return new PageEntry(
            offset, tenant, firstTrace, traces, rows, minStart, maxStart, minDuration, maxDuration, kinds, statuses, scopes, frames);
    }

    private static int Number(ref ByteReader reader) =>
        reader.UVarint() is var number && number <= int.MaxValue / 2 ? (int)number : throw reader.Corrupt($"a number of {number}");
}
