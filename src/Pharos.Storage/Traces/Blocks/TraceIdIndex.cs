using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Filters;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Which pieces of a block are of a trace: ids by number of piece, the numbers in the order of ids, and a filter that denies most other ids.</summary>
/// <remarks>Thread-safe. Checked as a whole when the block is opened.</remarks>
internal sealed class TraceIdIndex
{
    private const double FilterBits = 10;
    private const int FilterProbes = 6;

    private readonly IReadFile _file;
    private readonly string _path;
    private readonly int _count;
    private readonly SectionPlace _ids;
    private readonly SectionPlace _order;

    /// <summary>In memory: it is asked for every trace that is looked for.</summary>
    private readonly byte[] _filter;

    /// <exception cref="CorruptFileException">The bytes are not those that were written.</exception>
    public TraceIdIndex(IReadFile file, IReadFile checkedThrough, string path, int count, SectionPlace ids, SectionPlace order, SectionPlace filter)
    {
        (_file, _path, _count, _ids, _order) = (file, path, count, ids, order);
        if (ids.SizeBytes != (long)count * TraceId.Size || order.SizeBytes != (long)count * sizeof(int))
        {
            throw new CorruptFileException(path, ids.Offset, $"{ids.SizeBytes} and {order.SizeBytes} bytes of ids for {count} traces");
        }
        Check(checkedThrough, path, ids);
        Check(checkedThrough, path, order);
        _filter = new byte[filter.SizeBytes];
        checkedThrough.Read(filter.Offset, _filter);
        ReadOnlySpan<byte> rest = _filter;
        if (Crc32C.Of(_filter) != filter.Checksum || !BloomBits.TryTake(ref rest, out _))
        {
            throw new CorruptFileException(path, filter.Offset, "the checksum of the filter of ids is wrong");
        }
    }

    /// <summary>False only if no piece is of the trace.</summary>
    public bool MayHave(TraceId id) => BloomBits.MayContain(_filter, HashOf(id));

    public TraceId IdOf(int piece)
    {
        Span<byte> bytes = stackalloc byte[TraceId.Size];
        _file.Read(_ids.Offset + ((long)piece * TraceId.Size), bytes);
        return TraceId.FromBytes(bytes);
    }

    /// <summary>The numbers of a trace's pieces.</summary>
    public void Find(TraceId id, List<int> into)
    {
        if (!MayHave(id))
        {
            return;
        }
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IdOf(PieceAt(middle)).CompareTo(id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        for (; low < _count && PieceAt(low) is var piece && IdOf(piece) == id; low++)
        {
            into.Add(piece);
        }
    }

    /// <summary>Writes the three parts one after the other.</summary>
    public static (byte[] Ids, byte[] Order, byte[] Filter) Write(List<TraceId> ids)
    {
        var bytes = new byte[ids.Count * TraceId.Size];
        var numbers = new int[ids.Count];
        var hashes = new ulong[ids.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            ids[i].WriteTo(bytes.AsSpan(i * TraceId.Size));
            (numbers[i], hashes[i]) = (i, HashOf(ids[i]));
        }
        Array.Sort(numbers, (left, right) => ids[left].CompareTo(ids[right]) is var byId and not 0 ? byId : left.CompareTo(right));
        var order = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(order.AsSpan(i * sizeof(int)), numbers[i]);
        }
        var filter = new ByteWriter(ids.Count * 2);
        BloomBits.Write(hashes, FilterBits, FilterProbes, filter);
        return (bytes, order, filter.Written.ToArray());
    }

    /// <summary>Ids are random, but those of clients with 64 bits have them in the lower half only, and some count up.</summary>
    private static ulong HashOf(TraceId id)
    {
        var hash = unchecked((id.Low ^ (id.High * 0x9E3779B97F4A7C15)) * 0xC2B2AE3D27D4EB4F);
        return unchecked((hash ^ (hash >> 29)) * 0x165667B19E3779F9) is var mixed ? mixed ^ (mixed >> 32) : 0;
    }

    private int PieceAt(int rank)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        _file.Read(_order.Offset + ((long)rank * sizeof(int)), bytes);
        var piece = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return (uint)piece < (uint)_count ? piece
            : throw new CorruptFileException(_path, _order.Offset + ((long)rank * sizeof(int)), "the index of ids has changed since the block was opened");
    }

    private static void Check(IReadFile through, string path, SectionPlace place)
    {
        var buffer = new byte[Math.Min(256 * 1024, place.SizeBytes)];
        var found = 0u;
        for (var at = 0; at < place.SizeBytes; at += buffer.Length)
        {
            var piece = buffer.AsSpan(0, Math.Min(buffer.Length, place.SizeBytes - at));
            through.Read(place.Offset + at, piece);
            found = Crc32C.Of(piece, found);
        }
        if (found != place.Checksum)
        {
            throw new CorruptFileException(path, place.Offset, "the checksum of the index of ids is wrong");
        }
    }
}
