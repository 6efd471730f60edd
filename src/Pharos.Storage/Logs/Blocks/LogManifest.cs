using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>What belongs to a store: its parts, where its log begins, what is deleted. Replaced as a whole, so each change is there or not.</summary>
/// <param name="FirstSegment">The first log segment with entries that are in no part.</param>
/// <param name="LastPart">The highest number that a part ever had.</param>
/// <param name="Deletions">Without their compiled filters.</param>
/// <param name="Marks">Those that the log does not have.</param>
internal sealed record LogManifest(long FirstSegment, long LastPart, IReadOnlyList<long> Parts, IReadOnlyList<PendingDeletion> Deletions,
    IReadOnlyDictionary<string, string> Marks)
{
    public const string FileName = "manifest";

    /// <summary>"PHLM".</summary>
    private const uint Magic = 0x4D4C4850;
    private const uint Version = 1;
    private const int HeaderBytes = 12;
    private const int Copies = 2;

    /// <summary>Written beside, synced and renamed: a failure leaves the old one. It outlives a power cut once the folder is synced.</summary>
    public void Write(IFileSystem files, string directory)
    {
        var into = new ByteWriter();
        for (var copy = 0; copy < Copies; copy++)
        {
            WriteCopy(into);
        }
        var path = Path.Combine(directory, FileName);
        using (var file = files.Create(path + LogPartFormat.TemporarySuffix))
        {
            file.Append(into.Written);
            file.Sync();
        }
        files.Rename(path + LogPartFormat.TemporarySuffix, path);
    }

    /// <param name="damage">What is wrong with a copy where the other serves, or with both.</param>
    /// <returns>Null where there is none, or none can be read.</returns>
    public static LogManifest? Read(IFileSystem files, string directory, out string? damage)
    {
        damage = null;
        var path = Path.Combine(directory, FileName);
        if (!files.Exists(path))
        {
            return null;
        }
        byte[] bytes;
        using (var file = files.OpenRead(path))
        {
            bytes = new byte[(int)Math.Min(file.SizeBytes, int.MaxValue)];
            file.Read(0, bytes);
        }
        var half = bytes.Length / Copies;
        LogManifest? found = null;
        for (var copy = 0; copy < Copies; copy++)
        {
            try
            {
                var read = ReadCopy(bytes.AsSpan(copy * half, half), path, copy * half);
                found ??= read;
            }
            catch (Exception exception) when (exception is CorruptFileException or ArgumentException or Text.GoRegexException)
            {
                damage = exception.Message;
            }
        }
        damage ??= bytes.Length % Copies == 0 ? null : "an odd length";
        return found;
    }

    private void WriteCopy(ByteWriter into)
    {
        var start = into.Length;
        into.U32(Magic);
        into.U32(Version);
        into.U32(0);
        into.UVarint((ulong)FirstSegment);
        into.UVarint((ulong)LastPart);
        into.UVarint((ulong)Parts.Count);
        foreach (var part in Parts)
        {
            into.UVarint((ulong)part);
        }
        into.UVarint((ulong)Deletions.Count);
        foreach (var (deletion, upTo, _) in Deletions)
        {
            into.Text(deletion.Id);
            into.Text(deletion.Tenant);
            into.UVarint((ulong)deletion.Matchers.Count);
            foreach (var matcher in deletion.Matchers)
            {
                into.U8((byte)matcher.Type);
                into.Text(matcher.Name);
                into.Text(matcher.Value);
            }
            into.Varint(deletion.StartNs);
            into.Varint(deletion.EndNs);
            into.Text(deletion.Filter);
            into.UVarint((ulong)upTo);
        }
        into.UVarint((ulong)Marks.Count);
        foreach (var (key, value) in Marks)
        {
            into.Text(key);
            into.Text(value);
        }
        into.PatchU32(start + 8, Crc32C.Of(into.Written[(start + HeaderBytes)..]));
    }

    private static LogManifest ReadCopy(ReadOnlySpan<byte> bytes, string path, long offset)
    {
        var reader = new ByteReader(bytes, path, offset);
        if (reader.U32() != Magic || reader.U32() is var version && version != Version)
        {
            throw reader.Corrupt("no manifest of a known version");
        }
        if (reader.U32() != Crc32C.Of(bytes[HeaderBytes..]))
        {
            throw reader.Corrupt("the checksum is wrong");
        }
        var firstSegment = (long)reader.UVarint();
        var lastPart = (long)reader.UVarint();
        var parts = new long[reader.Count()];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = (long)reader.UVarint();
        }
        var deletions = new PendingDeletion[reader.Count(minBytesEach: 7)];
        for (var i = 0; i < deletions.Length; i++)
        {
            var (id, tenant) = (reader.Text(), reader.Text());
            var matchers = new LabelMatcher[reader.Count(minBytesEach: 3)];
            for (var j = 0; j < matchers.Length; j++)
            {
                var type = reader.U8();
                matchers[j] = type <= (byte)Model.MatchType.NotRegex ? new LabelMatcher((Model.MatchType)type, reader.Text(), reader.Text())
                    : throw reader.Corrupt($"a matcher of type {type}");
            }
            var deletion = new LogDeletion(id, tenant, matchers, reader.Varint(), reader.Varint(), reader.Text());
            deletions[i] = new PendingDeletion(deletion, (long)reader.UVarint(), Filter: null);
        }
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var left = reader.Count(minBytesEach: 2); left > 0; left--)
        {
            marks[reader.Text()] = reader.Text();
        }
        return new LogManifest(firstSegment, lastPart, parts, deletions, marks);
    }
}
