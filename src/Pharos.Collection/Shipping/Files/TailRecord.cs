using System.Globalization;
using System.Text;
using Pharos.Collection.Shipping.Stages;

namespace Pharos.Collection.Shipping.Files;

/// <summary>How far one file was shipped, and by what it is known again: device and inode while it exists, and always its content.</summary>
/// <remarks>Immutable. The content is known by hashes of its first bytes and of those just before <see cref="Offset"/>: so a copy, a packed
/// copy, and a file that was truncated and has grown again are told apart from the file that was read.</remarks>
internal sealed record TailRecord
{
    /// <summary>How much of the beginning, and before the offset, is hashed.</summary>
    public const int MaxSampleBytes = 256;

    /// <summary>Of the form in which records are kept.</summary>
    private const string Version = "1";

    public required long Id { get; init; }

    /// <summary>The path that made it a target; the file may have another name by now.</summary>
    public required string Path { get; init; }

    /// <summary>0 and 0 where the file is gone, and only a copy may hold the rest.</summary>
    public ulong Device { get; init; }

    public ulong Inode { get; init; }

    /// <summary>Everything before it is shipped or dropped, except <see cref="Held"/>; counts bytes of unpacked content.</summary>
    public long Offset { get; init; }

    public ContentSample Head { get; init; }

    /// <summary>Of the bytes that end at <see cref="Offset"/>.</summary>
    public ContentSample Tail { get; init; }

    /// <summary>Places before the offset that are not shipped yet: lines that a stage keeps back.</summary>
    public IReadOnlyList<SourceRange> Held { get; init; } = [];

    public PackedFormat Packed { get; init; }

    /// <summary>Whether the file was read to its end and is not written any more.</summary>
    public bool IsDone { get; init; }

    /// <summary>Seconds since 1970 at which something was known of it last.</summary>
    public long SeenAtS { get; init; }

    public bool HasFile => Inode != 0;

    public TailRecord WithoutFile() => this with { Device = 0, Inode = 0, Packed = PackedFormat.None };

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version} {Device:x} {Inode:x} {Offset} {Head.Length} {Head.Hash:x} {Tail.Length} {Tail.Hash:x}");
        text.Append(CultureInfo.InvariantCulture, $" {(int)Packed} {(IsDone ? 1 : 0)} {SeenAtS} ");
        text.AppendJoin(',', Held.Select(static range => $"{range.Start}-{range.End}"));
        return text.Append(' ').Append(Path).ToString();
    }

    /// <summary>Null for a text of another version.</summary>
    public static TailRecord? Parse(long id, string text)
    {
        var parts = text.Split(' ', 13);
        if (parts.Length != 13 || parts[0] != Version)
        {
            return null;
        }
        try
        {
            return new TailRecord
            {
                Id = id,
                Device = Hex(parts[1]),
                Inode = Hex(parts[2]),
                Offset = Number(parts[3]),
                Head = new ContentSample((int)Number(parts[4]), Hex(parts[5])),
                Tail = new ContentSample((int)Number(parts[6]), Hex(parts[7])),
                Packed = (PackedFormat)Number(parts[8]),
                IsDone = parts[9] == "1",
                SeenAtS = Number(parts[10]),
                Held = [.. parts[11].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static range => range.Split('-'))
                    .Select(static ends => new SourceRange(Number(ends[0]), Number(ends[1])))],
                Path = parts[12],
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
