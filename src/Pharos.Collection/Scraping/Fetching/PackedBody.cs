using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Pharos.Collection.Scraping.Fetching;

/// <summary>Whether a body packed with gzip came whole: the framework takes one that breaks off for one that ends.</summary>
internal static class PackedBody
{
    private const int TrailerBytes = 8;
    private const int HeaderBytes = 10;
    private const string CutShort = "unexpected EOF";

    /// <returns>Null, or Go's words for what is wrong with the beginning of what was received.</returns>
    public static string? FaultAtStart(ReadOnlySpan<byte> packed) =>
        packed.IsEmpty ? "EOF" : HeaderLength(packed, out var fault) is null ? fault : null;

    /// <param name="packed">What was received.</param>
    /// <param name="body">What the framework made of it.</param>
    /// <returns>Null, or Go's words for what is wrong.</returns>
    public static string? Fault(ReadOnlyMemory<byte> packed, ReadOnlySpan<byte> body)
    {
        // Nearly every body is one member, and its last bytes tell length and checksum.
        return EndsWith(packed.Span, body) ? null : FaultOfMembers(packed);
    }

    private static bool EndsWith(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> body) =>
        packed.Length >= HeaderBytes + TrailerBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(packed[^4..]) == (uint)body.Length
        && BinaryPrimitives.ReadUInt32LittleEndian(packed[^8..]) == Crc32.HashToUInt32(body);

    private static string? FaultOfMembers(ReadOnlyMemory<byte> packed)
    {
        var source = new SingleByteStream(packed);
        while (source.At < packed.Length)
        {
            if (HeaderLength(packed.Span[source.At..], out var fault) is not { } header)
            {
                return fault;
            }
            source.At += header;
            if (!Inflate(source, out var length, out var checksum) || packed.Length - source.At < TrailerBytes)
            {
                return CutShort;
            }
            var trailer = packed.Span.Slice(source.At, TrailerBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != checksum
                || BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != length)
            {
                return "gzip: invalid checksum";
            }
            source.At += TrailerBytes;
        }
        return null;
    }

    /// <summary>RFC 1952, 2.3: magic, method, flags, time, extra flags, system; then what the flags announce.</summary>
    private static int? HeaderLength(ReadOnlySpan<byte> member, out string fault)
    {
        fault = CutShort;
        if (member.Length < HeaderBytes)
        {
            return null;
        }
        fault = "gzip: invalid header";
        if (member[0] != 0x1f || member[1] != 0x8b || member[2] != 8)
        {
            return null;
        }
        fault = CutShort;
        var (flags, at) = (member[3], HeaderBytes);
        if ((flags & 4) != 0)
        {
            at += member.Length < at + 2 ? int.MaxValue / 2 : 2 + BinaryPrimitives.ReadUInt16LittleEndian(member[at..]);
        }
        // A name and a comment, each up to a zero byte.
        for (var flag = 8; flag <= 16; flag *= 2)
        {
            var end = (flags & flag) == 0 ? -1 : at < member.Length ? member[at..].IndexOf((byte)0) : member.Length;
            at += (flags & flag) == 0 ? 0 : end < 0 ? member.Length : end + 1;
        }
        at += (flags & 2) == 0 ? 0 : 2;
        return at <= member.Length ? at : null;
    }

    private static bool Inflate(SingleByteStream source, out uint length, out uint checksum)
    {
        var crc = new Crc32();
        length = checksum = 0;
        try
        {
            using var deflate = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[16 << 10];
            int read;
            while ((read = deflate.Read(buffer)) > 0)
            {
                crc.Append(buffer.AsSpan(0, read));
                length += (uint)read;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        checksum = crc.GetCurrentHashAsUInt32();
        return !source.WasAskedBeyondEnd;
    }

    /// <summary>Gives one byte at a time, so that whoever reads it stands right behind what it needed.</summary>
    private sealed class SingleByteStream(ReadOnlyMemory<byte> bytes) : Stream
    {
        /// <summary>How many bytes were given.</summary>
        public int At { get; set; }

        public bool WasAskedBeyondEnd { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (At >= bytes.Length)
            {
                WasAskedBeyondEnd = true;
                return 0;
            }
            buffer[0] = bytes.Span[At++];
            return 1;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
