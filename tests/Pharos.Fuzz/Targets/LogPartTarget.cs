using System.Buffers.Binary;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Fuzz.Targets;

/// <summary>A part of the log store, as it is and with every checksum put right: it is refused, or blocks of it are, or it is read to the end.</summary>
internal sealed class LogPartTarget : FuzzTarget
{
    private const string PartPath = "/parts/00000001.logs";
    private const int FooterBytes = SealedFileKind.FooterBytes;
    private const int FirstSectionAt = 44;
    private const int SectionBytes = 16;
    private const int Sections = 5;

    public override string Name => "log-part";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>A packed byte may be many, and each row has a place in every column.</summary>
    public override long BytesPerInputByte => 1_000_000;

    public override IEnumerable<byte[]> MadeInputs()
    {
        yield return Made(streams: 1, lines: 40, withMetadata: false);
        yield return Made(streams: 5, lines: 60, withMetadata: true);
    }

    public override string Run(byte[] input) => $"{Read(input)} {Read(Repaired(input))}";

    private static string Read(byte[] bytes)
    {
        using var codec = new FrameCodec();
        try
        {
            var part = LogPart.Open(new MemoryFileSystem { [PartPath] = bytes }, PartPath, codec, new StreamTable());
            var shape = "";
            for (var block = 0; block < part.Blocks.Count; block++)
            {
                shape += ReadBlock(part, block);
            }
            part.Release();
            return shape;
        }
        catch (CorruptFileException bad)
        {
            return Shape.Of(bad.Reason);
        }
    }

    private static string ReadBlock(LogPart part, int block)
    {
        try
        {
            var entries = 0;
            foreach (var run in part.Runs(block).Runs)
            {
                _ = part.StreamAt(run.Stream);
                entries += run.Count;
            }
            var rows = part.Read(block, LogColumns.All);
            if (entries != rows.TimesNs.Length || rows.LineEnds.Length != entries || rows.LineEnds[^1] != rows.Lines.Length - 1)
            {
                throw new BrokenPromiseException($"{entries} entries, {rows.TimesNs.Length} times, {rows.LineEnds.Length} lines");
            }
            var bytes = 0;
            for (var row = 0; row < entries; row++)
            {
                bytes += rows.Line(row).Length;
                foreach (var column in rows.Metadata)
                {
                    bytes += column.Numbers[row] is var number and >= 0 ? column.Value(number).Length : 0;
                }
            }
            _ = part.MayContain(block, "some text"u8) | part.MayContain(block, "0123456789abcdef0"u8) | part.MayHaveMetadata(block, "trace_id", "7"u8);
            return $"{Shape.Of(entries)}";
        }
        catch (CorruptFileException bad)
        {
            return Shape.Of(bad.Reason);
        }
    }

    private static byte[] Made(int streams, int lines, bool withMetadata)
    {
        var files = new MemoryFileSystem();
        using var writer = new LogPartWriter(files, PartPath);
        var random = new Random(7);
        for (var stream = 0; stream < streams; stream++)
        {
            writer.BeginStream(LabelSet.From((" ", "x"), ("app", $"{stream}")).With(Storage.Logs.Head.LogHead.TenantLabel, "fake"), expectedBytes: 0);
            for (var line = 0; line < lines; line++)
            {
                var id = new byte[16];
                random.NextBytes(id);
                var text = System.Text.Encoding.UTF8.GetBytes($"level=info id={Convert.ToHexStringLower(id)} line {line}{(line == 9 ? "\n" : "")}\n");
                LogMetadataColumn[] metadata = withMetadata ? [new("trace_id", new[] { 0 }, text.AsMemory(0, 10), new[] { 10 })] : [];
                var timeNs = 1_700_000_000_000_000_000L + (line * 1_500_000_000L);
                writer.Append(new LogRows(new[] { timeNs }, text, new[] { text.Length - 1 }, metadata, default), 0, 1);
            }
        }
        writer.Finish(1);
        return files[PartPath];
    }

    /// <summary>The same bytes with the checksums that they ought to have, as far as there is a contents table.</summary>
    private static byte[] Repaired(byte[] input)
    {
        var bytes = input.ToArray();
        var contentsBytes = FirstSectionAt + (Sections * SectionBytes);
        if (bytes.Length < FooterBytes + contentsBytes)
        {
            return bytes;
        }
        var contents = bytes.AsSpan(bytes.Length - FooterBytes - contentsBytes, contentsBytes);
        var directory = Section(bytes, contents, Sections - 1);
        RepairFrames(bytes, directory, (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(contents[24..])));
        for (var i = 0; i < Sections; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(contents[(FirstSectionAt + (i * SectionBytes) + 12)..], Crc32C.Of(Section(bytes, contents, i)));
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 8), Crc32C.Of(contents));
        return bytes;
    }

    private static Span<byte> Section(byte[] bytes, ReadOnlySpan<byte> contents, int number)
    {
        var section = contents[(FirstSectionAt + (number * SectionBytes))..];
        var (offset, size) = (BinaryPrimitives.ReadUInt64LittleEndian(section), BinaryPrimitives.ReadUInt32LittleEndian(section[8..]));
        return offset <= (ulong)bytes.Length && size <= (ulong)bytes.Length - offset ? bytes.AsSpan((int)offset, (int)size) : default;
    }

    private static void RepairFrames(byte[] bytes, Span<byte> directory, int streams)
    {
        try
        {
            var reader = new ByteReader(directory, PartPath);
            var count = reader.Count(BlockEntry.MinBytes);
            var start = reader.Position;
            var repaired = new ByteWriter();
            FramePlace Repair(FramePlace place) =>
                place with { Checksum = place.SizeBytes == 0 ? 0 : Crc32C.Of(bytes.AsSpan((int)place.Offset, place.SizeBytes)) };
            for (var i = 0; i < count; i++)
            {
                var entry = BlockEntry.Read(ref reader, bytes.Length, streams);
                var sound = entry with
                {
                    Lines = Repair(entry.Lines),
                    HexTexts = Repair(entry.HexTexts),
                    LineEnds = Repair(entry.LineEnds),
                    Times = Repair(entry.Times),
                    Metadata = Repair(entry.Metadata),
                    Runs = Repair(entry.Runs),
                    TextFilter = Repair(entry.TextFilter),
                    MetadataFilter = Repair(entry.MetadataFilter),
                };
                sound.Write(repaired);
            }
            if (repaired.Length <= directory.Length - start)
            {
                repaired.Written.CopyTo(directory[start..]);
            }
        }
        catch (CorruptFileException)
        {
            // Refused as it is.
        }
    }
}
