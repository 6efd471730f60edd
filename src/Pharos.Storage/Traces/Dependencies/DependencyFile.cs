using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Traces.Dependencies;

/// <summary>The file of a <see cref="DependencyStore"/>: it grows by what was counted, and is written anew where it has grown too long.
/// docs/formats/dependencies.md has the byte diagram.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class DependencyFile : IDisposable
{
    private const string Suffix = ".calls";

    /// <summary>Counts in one record, at most: a reader holds a record whole.</summary>
    private const int MaxRecordCounts = 10_000;

    /// <summary>Texts of one file, at most: three for each edge there may be.</summary>
    private const int MaxTexts = 1_000_000;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ByteWriter _record = new();
    private readonly byte[] _header = new byte[WalFormat.RecordHeaderBytes];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private IAppendFile? _file;
    private long _number;

    private DependencyFile(IFileSystem files, string directory, long number) => (_files, _directory, _number) = (files, directory, number);

    public long SizeBytes => _file?.SizeBytes ?? 0;

    /// <summary>Reads the newest file there is; one must be begun with <see cref="Rewrite"/> before anything is appended.</summary>
    public static DependencyFile Open(IFileSystem files, string directory, Action<DependencyEdge, long, long> found, ILogger logger)
    {
        files.CreateDirectory(directory);
        var numbers = WalSegments.Numbers(files, directory, Suffix);
        var newest = numbers.Count == 0 ? 0 : numbers[^1];
        if (newest > 0)
        {
            using var reader = new WalRecordReader(files, PathOf(directory, newest));
            var texts = new List<string>();
            while (reader.Next(out var payload))
            {
                try
                {
                    Read(new ByteReader(payload, reader.Path, reader.PayloadOffset), texts, found);
                }
                catch (CorruptFileException e)
                {
                    logger.LogError(e, "A record of calls between services is left out");
                }
            }
            if (reader.Damage.Count > 0 || (reader.TornAt >= 0 && !reader.IsTailCutOff))
            {
                logger.LogWarning("{File} is damaged: calls between services that were counted there are missing", reader.Path);
            }
        }
        return new DependencyFile(files, directory, newest);
    }

    /// <summary>Begins a new file with all counts, in place of the one before.</summary>
    public void Rewrite(IEnumerable<(DependencyEdge Edge, long Bucket, long Calls)> counts)
    {
        var path = PathOf(_directory, _number + 1);
        var temporary = path + WalSegments.TemporarySuffix;
        var fresh = _files.Create(temporary);
        try
        {
            Span<byte> header = stackalloc byte[WalFormat.FileHeaderBytes];
            WalFormat.WriteFileHeader(header);
            fresh.Append(header);
            _texts.Clear();
            Append(fresh, counts);
            fresh.Sync();
            _files.Rename(temporary, path);
            _files.SyncDirectory(_directory);
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
        _file?.Dispose();
        (_file, _number) = (fresh, _number + 1);
        foreach (var older in WalSegments.Numbers(_files, _directory, Suffix).Where(number => number < _number))
        {
            _files.Delete(PathOf(_directory, older));
        }
    }

    public void Append(IEnumerable<(DependencyEdge Edge, long Bucket, long Calls)> counts) => Append(_file!, counts);

    public void Dispose() => _file?.Dispose();

    private static string PathOf(string directory, long number) => Path.Combine(directory, NumberedName.Of(number, Suffix));

    private static void Read(ByteReader record, List<string> texts, Action<DependencyEdge, long, long> found)
    {
        // Those of a record that damage took are not known.
        for (var first = record.UVarint(); (ulong)texts.Count < Math.Min(first, MaxTexts);)
        {
            texts.Add(SpanResource.UnknownService);
        }
        for (var left = record.Count(); left > 0; left--)
        {
            texts.Add(record.Text());
        }
        for (var left = record.Count(); left > 0; left--)
        {
            var edge = new DependencyEdge(Text(ref record, texts), Text(ref record, texts), Text(ref record, texts));
            var bucket = record.Varint();
            found(edge, bucket, (long)record.UVarint());
        }
    }

    private static string Text(ref ByteReader record, List<string> texts) =>
        record.UVarint() is var number && number < (ulong)texts.Count ? texts[(int)number] : SpanResource.UnknownService;

    private void Append(IAppendFile file, IEnumerable<(DependencyEdge Edge, long Bucket, long Calls)> counts)
    {
        foreach (var part in counts.Chunk(MaxRecordCounts))
        {
            _record.Clear();
            var before = _texts.Count;
            foreach (var (edge, _, _) in part)
            {
                NumberOf(edge.Tenant);
                NumberOf(edge.Parent);
                NumberOf(edge.Child);
            }
            _record.UVarint((ulong)before);
            _record.UVarint((ulong)(_texts.Count - before));
            foreach (var text in _texts.Where(known => known.Value >= before).OrderBy(static known => known.Value))
            {
                _record.Text(text.Key);
            }
            _record.UVarint((ulong)part.Length);
            foreach (var (edge, bucket, calls) in part)
            {
                _record.UVarint((ulong)NumberOf(edge.Tenant));
                _record.UVarint((ulong)NumberOf(edge.Parent));
                _record.UVarint((ulong)NumberOf(edge.Child));
                _record.Varint(bucket);
                _record.UVarint((ulong)calls);
            }
            WalFormat.WriteRecordHeader(_header, _record.Written);
            file.Append(_header);
            file.Append(_record.Written);
        }
    }

    private int NumberOf(string text)
    {
        if (!_texts.TryGetValue(text, out var number))
        {
            _texts[text] = number = _texts.Count;
        }
        return number;
    }
}
