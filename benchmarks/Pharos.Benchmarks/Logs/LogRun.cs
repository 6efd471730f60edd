using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Benchmarks.Logs;

/// <summary>Makes JSON lines, stores them, and measures: <c>logs DIRECTORY [LINES] [SEED]</c>. DIRECTORY gets <c>raw.log</c> and a store.</summary>
/// <remarks>Times are of the processor (user and system, all threads of this process), so that other load of the machine counts little.</remarks>
internal sealed class LogRun
{
    private const int BatchLines = 1000;
    private const double Mega = 1e6;

    private readonly string _raw;
    private readonly int _lines;
    private readonly LogLines _generator;
    private readonly byte[] _streams;
    private readonly long[] _times;
    private readonly byte[] _levels;
    private readonly string _needle;
    private readonly string _storeDirectory;

    private LogRun(string directory, int lines, int seed)
    {
        _raw = Path.Combine(directory, "raw.log");
        _storeDirectory = Path.Combine(directory, "store");
        _lines = lines;
        _generator = new LogLines(seed);
        (_streams, _times, _levels) = (new byte[lines], new long[lines], new byte[lines]);
        Directory.CreateDirectory(directory);
        _needle = WriteRaw();
    }

    public static async Task<int> MainAsync(string[] args)
    {
        var directory = args is [var first, ..] ? first : Path.Combine(Path.GetTempPath(), "pharos-logs");
        var lines = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4_000_000;
        var run = new LogRun(directory, lines, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1);
        await run.StoreAsync();
        run.Peers();
        return 0;
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    /// <returns>A trace id in the middle.</returns>
    private string WriteRaw()
    {
        var needle = "";
        var buffer = new byte[4096];
        using var file = new FileStream(_raw, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        for (var i = 0; i < _lines; i++)
        {
            var length = _generator.Next(buffer);
            (_streams[i], _times[i]) = ((byte)_generator.Stream, _generator.TimeNs);
            _levels[i] = (byte)_generator.Level[0];
            if (i == _lines / 2)
            {
                var line = Encoding.ASCII.GetString(buffer, 0, length);
                needle = line.Substring(line.IndexOf("trace_id", StringComparison.Ordinal) + 11, 32);
            }
            buffer[length] = (byte)'\n';
            file.Write(buffer, 0, length + 1);
        }
        Say($"raw: {_lines} lines, {file.Length / Mega:F1} MB, needle {needle}");
        return needle;
    }

    private async Task StoreAsync()
    {
        if (Directory.Exists(_storeDirectory))
        {
            Directory.Delete(_storeDirectory, recursive: true);
        }
        var options = new LogStoreOptions { Directory = _storeDirectory, Fsync = FsyncPolicy.Interval };
        using var meter = new Meter("benchmark");
        var store = LogStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
        var rawBytes = new FileInfo(_raw).Length;
        var (cpu, clock) = (Cpu(), Stopwatch.StartNew());
        Push(store);
        var pushed = Cpu() - cpu;
        store.Flush(CancellationToken.None);
        var sealedAt = Cpu() - cpu;
        Say($"intake: {rawBytes / Mega / pushed:F0} MB/s of CPU until acknowledged, {rawBytes / Mega / sealedAt:F0} MB/s all sealed");
        Say($"intake: {clock.Elapsed.TotalSeconds:F1} s wall");
        Say($"stored before merging: {store.Status().DiskBytes / Mega:F1} MB in {store.Status().Blocks} blocks");
        cpu = Cpu();
        store.RunMaintenance();
        Say($"merging: {rawBytes / Mega / Math.Max(1e-3, Cpu() - cpu):F0} MB/s of CPU");
        Say($"stored: {store.Status().DiskBytes} bytes in {store.Status().Blocks} blocks");
        Sizes(store);
        for (var i = 0; i < 3; i++)
        {
            Needle(store, _needle);
            Needle(store, "OutOfMemoryError");
            Needle(store, "zzq");
            Scan(store);
            CountByLevel(store);
        }
        await LogQueries.RunAsync(store, _needle, _times[0], _times[^1], rawBytes);
        await store.DisposeAsync();
        clock.Restart();
        store = LogStore.Open(options, TimeProvider.System, NullLogger.Instance, meter);
        Say($"open: {clock.Elapsed.TotalMilliseconds:F0} ms");
        await store.DisposeAsync();
    }

    private void Push(LogStore store)
    {
        var streams = new LogStream[LogLines.Apps * LogLines.PodsPerApp];
        for (var i = 0; i < streams.Length; i++)
        {
            streams[i] = store.Stream("fake", LabelSet.From(("namespace", "shop"), ("app", _generator.AppOf(i)), ("pod", _generator.PodOf(i))));
        }
        using var file = new FileStream(_raw, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var buffer = new byte[BatchLines * 1024];
        var batch = new LogBatch();
        var (held, line) = (0, 0);
        var places = new List<(int Line, int Start, int Length)>[streams.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = [];
        }
        while (file.Read(buffer, held, buffer.Length - held) is var read && held + read > 0 && line < _lines)
        {
            held += read;
            var at = 0;
            while (line < _lines)
            {
                var count = 0;
                while (count < BatchLines && buffer.AsSpan(at, held - at).IndexOf((byte)'\n') is var length and >= 0)
                {
                    places[_streams[line]].Add((line++, at, length));
                    at += length + 1;
                    count++;
                }
                if (count == 0)
                {
                    break;
                }
                AppendBatch(store, streams, places, buffer, batch);
            }
            buffer.AsSpan(at, held - at).CopyTo(buffer);
            held -= at;
        }
    }

    private void AppendBatch(LogStore store, LogStream[] streams, List<(int Line, int Start, int Length)>[] places, byte[] buffer, LogBatch batch)
    {
        batch.Clear();
        for (var i = 0; i < streams.Length; i++)
        {
            if (places[i].Count == 0)
            {
                continue;
            }
            batch.BeginStream(streams[i]);
            foreach (var (line, start, length) in places[i])
            {
                batch.Add(_times[line], buffer.AsSpan(start, length));
                batch.AddMetadata("detected_level"u8, LevelOf(_levels[line]));
            }
            places[i].Clear();
        }
        store.Append(batch);
    }

    private static ReadOnlySpan<byte> LevelOf(byte first) =>
        first switch { (byte)'e' => "error"u8, (byte)'w' => "warn"u8, (byte)'d' => "debug"u8, _ => "info"u8 };

    private static void Needle(LogStore store, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var (cpu, clock) = (Cpu(), Stopwatch.StartNew());
        var (hits, opened, all) = (0, 0, 0);
        using (var querier = store.Querier("fake", long.MinValue, long.MaxValue))
        {
            foreach (var block in querier.Blocks([], CancellationToken.None))
            {
                all++;
                if (!block.MayContain(bytes))
                {
                    continue;
                }
                opened++;
                var lines = block.Read(LogColumns.Lines).Lines;
                for (var at = lines.IndexOf(bytes); at >= 0; at = lines.IndexOf(bytes))
                {
                    hits++;
                    lines = lines[(at + bytes.Length)..];
                }
            }
        }
        Say($"needle {text}: {clock.Elapsed.TotalMilliseconds:F1} ms wall, {1000 * (Cpu() - cpu):F0} ms CPU, {hits} hits, {opened} of {all} blocks opened");
    }

    private static void Scan(LogStore store)
    {
        var (cpu, clock, bytes) = (Cpu(), Stopwatch.StartNew(), 0L);
        using (var querier = store.Querier("fake", long.MinValue, long.MaxValue))
        {
            foreach (var block in querier.Blocks([], CancellationToken.None))
            {
                var lines = block.Read(LogColumns.Lines).Lines;
                bytes += lines.Length + lines.IndexOf("not in any line"u8);
            }
        }
        Say($"scan of everything: {clock.Elapsed.TotalMilliseconds:F0} ms wall, {bytes / Mega / (Cpu() - cpu):F0} MB/s of CPU");
    }

    private static void CountByLevel(LogStore store)
    {
        var clock = Stopwatch.StartNew();
        var counts = new Dictionary<(string, long), int>();
        using (var querier = store.Querier("fake", long.MinValue, long.MaxValue))
        {
            foreach (var block in querier.Blocks([], CancellationToken.None))
            {
                foreach (var run in block.Runs)
                {
                    block.TryMinutes(run, out var minutes);
                    foreach (var minute in minutes)
                    {
                        counts[(minute.Level, minute.Minute)] = counts.GetValueOrDefault((minute.Level, minute.Minute)) + minute.Entries;
                    }
                }
            }
        }
        Say($"counts by level and minute: {clock.Elapsed.TotalMilliseconds:F1} ms, {counts.Count} counts of {counts.Values.Sum()} entries");
    }

    private static void Sizes(LogStore store)
    {
        foreach (var (name, bytes) in LogPartSizes.Of(store))
        {
            Say($"  {name}: {bytes / Mega:F2} MB");
        }
    }

    private void Peers()
    {
        Peer("zstd -1", "zstd", $"-1 -q -f -k {_raw} -o {_raw}.zst", () => Say($"  {new FileInfo(_raw + ".zst").Length} bytes"));
        for (var i = 0; i < 3; i++)
        {
            Peer("ripgrep", "rg", $"-c -F {_needle} {_raw}", static () => { });
        }
    }

    private static void Peer(string name, string program, string arguments, Action afterwards)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Say($"{name}: {clock.Elapsed.TotalMilliseconds:F1} ms wall");
            afterwards();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Say($"{name} is not on this machine");
        }
    }
}
