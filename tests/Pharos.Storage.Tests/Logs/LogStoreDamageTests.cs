using Pharos.Storage.Files;
using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

/// <summary>Files that were cut, or of which a bit flipped.</summary>
public sealed class LogStoreDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_log_cut_at_any_byte_gives_back_every_whole_batch_before()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        var ends = new List<long>();
        var segment = _directory.File("wal/00000001.wal");
        for (var i = 0; i < 6; i++)
        {
            store.Append(Make.Labels("web", $"{i % 2}"), Make.TimeNs + i, $"line {i}", ("a", $"{i}"));
            ends.Add(new FileInfo(segment).Length);
        }
        store.Close();
        var whole = File.ReadAllBytes(segment);
        for (var size = 0; size <= whole.Length; size++)
        {
            File.WriteAllBytes(segment, whole[..size]);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            var expected = ends.Count(end => end <= size);
            Assert.Equal(expected, store.Dump().Length);
            Assert.Equal(size is 0 or 8 || ends.Contains(size), logger.Lines.IsEmpty);
            store.Append(Make.Labels("web", "0"), Make.TimeNs + 100, "afterwards");
            Assert.Equal(expected + 1, store.Dump().Length);
            store.Close();
            foreach (var later in Directory.GetFiles(_directory.File("wal")).Where(path => path != segment))
            {
                File.Delete(later);
            }
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_log_is_noticed_and_costs_its_record_only()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var i = 0; i < 5; i++)
        {
            store.Append(Make.Labels("web"), Make.TimeNs + i, $"line {i}");
        }
        store.Close();
        var segment = _directory.File("wal/00000001.wal");
        var whole = File.ReadAllBytes(segment);
        var before = Lines(5);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(segment, damaged);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            var found = store.Dump();
            Assert.Subset(before, found.ToHashSet(StringComparer.Ordinal));
            Assert.NotEmpty(logger.Lines);
            Assert.True(found.Length is 5 or 4 || at < 100, $"{found.Length} entries after damage of byte {at}");
            store.Close();
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_part_is_noticed_and_nothing_wrong_is_served()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var i = 0; i < 40; i++)
        {
            store.Append(Make.Labels("web", $"{i % 3}"), Make.TimeNs + (i * Make.SecondNs), $"line {i} {Guid.NewGuid()}{(i == 7 ? "\n" : "")}",
                ("trace_id", $"{i}"), ("detected_level", i % 2 == 0 ? "info" : "error"));
        }
        var before = store.Dump().ToHashSet(StringComparer.Ordinal);
        store.Flush(CancellationToken.None);
        store.Append(Make.Labels("other"), Make.TimeNs, "in the log");
        store.Close();
        var path = _directory.File("parts/00000001.logs");
        var whole = File.ReadAllBytes(path);
        var manifest = File.ReadAllBytes(_directory.File("manifest"));
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            File.Delete(path + ".corrupt");
            File.WriteAllBytes(_directory.File("manifest"), manifest);
            CheckDamaged(before, at);
        }
    }

    [Fact]
    public void One_damaged_copy_of_the_manifest_is_made_good_by_the_other()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        store.Append(Make.Labels("web"), Make.TimeNs, "line");
        store.Flush(CancellationToken.None);
        store.Close();
        var path = _directory.File("manifest");
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            var logger = new RecordingLogger();
            store = Make.Open(Make.Options(_directory.Path), logger: logger);
            Assert.Single(store.Dump());
            Assert.Single(logger.Lines);
            store.Close();
        }
        File.Delete(path);
        store = Make.Open(Make.Options(_directory.Path));
        Assert.Single(store.Dump());
        store.Close();
    }

    [Fact]
    public void A_damaged_part_stays_under_another_name_when_it_is_merged()
    {
        var store = Make.Open(Make.Options(_directory.Path));
        for (var i = 0; i < 4; i++)
        {
            store.Append(Make.Labels("web"), Make.TimeNs + i, $"line {i}");
            store.Flush(CancellationToken.None);
        }
        store.Close();
        var path = _directory.File("parts/00000002.logs");
        var bytes = File.ReadAllBytes(path);
        bytes[12] ^= 1;
        File.WriteAllBytes(path, bytes);
        store = Make.Open(Make.Options(_directory.Path));
        store.RunMaintenance();
        Assert.Equal(3, store.Dump().Length);
        Assert.Equal(1, store.Status().QuarantinedBlocks);
        Assert.True(File.Exists(path + ".corrupt"));
        Assert.Equal(2, Directory.GetFiles(_directory.File("parts")).Length);
        store.Close();
    }

    private static HashSet<string> Lines(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => new LogLine(Make.Labels("web"), Make.TimeNs + i, $"line {i}").ToString())];

    /// <summary>Either the damage is found, or what it hit serves nothing and answers nothing.</summary>
    private void CheckDamaged(HashSet<string> before, int at)
    {
        var logger = new RecordingLogger();
        var store = Make.Open(Make.Options(_directory.Path) with { RetentionTime = TimeSpan.FromSeconds(20) }, logger: logger);
        try
        {
            if (at % 2 == 0)
            {
                // Upkeep looks at runs before anybody else does, and damage does not stop it.
                store.RunMaintenance();
            }
            using var querier = store.Querier(Make.Tenant, long.MinValue, long.MaxValue);
            var isDenied = false;
            foreach (var block in querier.Blocks([], CancellationToken.None))
            {
                try
                {
                    var rows = block.Read(LogColumns.All);
                    foreach (var run in block.Runs)
                    {
                        isDenied |= !block.TryMinutes(run, out _);
                        BlockCheck.Run(block, rows, run);
                    }
                }
                catch (CorruptFileException)
                {
                    isDenied = true;
                }
            }
            var found = DumpReadable(store);
            Assert.Contains(found, static line => line.Contains("other", StringComparison.Ordinal));
            Assert.Subset(before, found.Where(static line => !line.Contains("other", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal));
            Assert.True(found.Length == before.Count + 1 || !logger.Lines.IsEmpty || isDenied, $"nobody noticed the damage at byte {at}");
        }
        finally
        {
            store.Close();
        }
    }

    private static string[] DumpReadable(LogStore store)
    {
        try
        {
            return store.Dump();
        }
        catch (CorruptFileException)
        {
            // It is known now, and left out.
            return store.Dump();
        }
    }
}
