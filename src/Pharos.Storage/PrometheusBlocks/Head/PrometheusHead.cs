using Pharos.Storage.Files;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>Reads the log, the out-of-order log and the mapped chunks of a stopped Prometheus.</summary>
internal static class PrometheusHead
{
    private const string WalName = "wal";
    private const string OutOfOrderWalName = "wbl";

    public static bool Exists(string dataDirectory) => LogFolder.Segments(Path.Combine(dataDirectory, WalName)).Count > 0;

    /// <param name="minValidMs">Where the newest block ends: in-order samples before it are not of the head any more.</param>
    /// <exception cref="CorruptFileException">A file is damaged other than by a record that was not completely written.</exception>
    public static HeadContents Read(string dataDirectory, long minValidMs)
    {
        var files = new DiskFileSystem();
        var head = new HeadContents(minValidMs);
        var wal = LogFolder.Segments(Path.Combine(dataDirectory, WalName));

        // The series first: mapped chunks, which are older than any deletion that the log holds, need their labels.
        Replay(files, wal, new SeriesOnly(head).Apply);
        HeadChunkFiles.Read(files, dataDirectory, head, minValidMs);
        Replay(files, wal, new HeadLog(head).Apply);
        head.Complete(keepOld: false);
        Replay(files, LogFolder.Segments(Path.Combine(dataDirectory, OutOfOrderWalName)), new HeadLog(head).Apply);
        head.Complete(keepOld: true);
        return head;
    }

    private static void Replay(IFileSystem files, IReadOnlyList<string> segments, Action<byte[], string, long> apply)
    {
        foreach (var path in segments)
        {
            using var reader = new LogSegmentReader(files, path);
            while (reader.Next() is { } record)
            {
                if (record.Length > 0)
                {
                    apply(record, path, reader.RecordOffset);
                }
            }
        }
    }

    private sealed class SeriesOnly(HeadContents head)
    {
        private readonly HeadLog _log = new(head);

        public void Apply(byte[] record, string source, long offset)
        {
            if (record[0] is (byte)LogRecordType.Series)
            {
                _log.Apply(record, source, offset);
            }
        }
    }
}
