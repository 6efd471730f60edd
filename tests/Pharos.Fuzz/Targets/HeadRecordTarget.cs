using Pharos.Fuzz.Mutation;
using Pharos.Storage.Wal;

namespace Pharos.Fuzz.Targets;

/// <summary>Records of the store's log whose checksums are right and whose contents are not.</summary>
internal sealed class HeadRecordTarget : FuzzTarget, IDisposable
{
    private readonly StoreFiles _store = new();

    public override string Name => "wal-records";

    public override InputForm Form => InputForm.Bytes;

    /// <summary>A chunk's count and a histogram's layout say how much is made of few bits.</summary>
    public override long BytesPerInputByte => 100_000;

    /// <summary>The table of series has a place for every id up to the greatest.</summary>
    public override long BaseBytes => 800L << 20;

    public override IEnumerable<byte[]> MadeInputs()
    {
        foreach (var path in new[] { false, true }.SelectMany(sealedToo => Files(_store.Written(sealedToo))))
        {
            yield return path;
        }
    }

    public override string Run(byte[] input)
    {
        var segment = new byte[WalFormat.FileHeaderBytes].ToList();
        WalFormat.WriteFileHeader(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(segment));
        var header = new byte[WalFormat.RecordHeaderBytes];
        foreach (var record in LengthPrefixed.Split(input).Where(static record => record.Length > 0))
        {
            WalFormat.WriteRecordHeader(header, record);
            segment.AddRange(header);
            segment.AddRange(record);
        }
        var files = new MemoryFileSystem { [_store.Segment] = [.. segment] };
        var (samples, complaints) = _store.ReadAll(files, areSound: false);
        return $"{Shape.Of(samples)} {Shape.Of(complaints)}";
    }

    public void Dispose() => _store.Dispose();

    private IEnumerable<byte[]> Files(MemoryFileSystem files)
    {
        var directory = Path.GetDirectoryName(_store.Segment)!;
        foreach (var name in files.Files(directory))
        {
            var records = new List<byte[]>();
            using var reader = new WalRecordReader(files, Path.Combine(directory, name));
            while (reader.Next(out var payload))
            {
                records.Add(payload.ToArray());
            }
            if (records.Count > 0)
            {
                yield return LengthPrefixed.Join(records.Take(40));
            }
        }
    }
}
