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

    /// <summary>A failure leaves the old one. It outlives a power cut once the folder is synced.</summary>
    public void Write(IFileSystem files, string directory) => FileIn(directory).Write(files, Write);

    /// <param name="damage">What is wrong with a copy where the other serves, or with both.</param>
    /// <returns>Null where there is none, or none can be read.</returns>
    public static LogManifest? Read(IFileSystem files, string directory, out string? damage) =>
        FileIn(directory).Read<LogManifest>(files, Parse, out damage);

    private static TwinFile FileIn(string directory) => new(Path.Combine(directory, FileName), Magic, Version);

    private void Write(ByteWriter into)
    {
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
    }

    private static LogManifest Parse(ref ByteReader reader)
    {
        try
        {
            return Parsed(ref reader);
        }
        catch (Exception exception) when (exception is ArgumentException or Text.GoRegexException)
        {
            throw reader.Corrupt(exception.Message);
        }
    }

    private static LogManifest Parsed(ref ByteReader reader)
    {
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
