using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Tests.Files;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Storage.Tests.Traces.Dependencies;

public sealed class DependencyStoreTests : IDisposable
{
    private const long Noon = 1_700_000_100_000; // Begins a bucket: 300,000 * 5,666,667.

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Calls_are_summed_over_the_buckets_that_a_range_touches()
    {
        using var store = Open(DependencyLimits.Default);
        var edge = store.EdgeOf("", "web", "orders");
        store.Add(edge, Noon);
        store.Add(edge, Noon + 299_999, 2);
        store.Add(edge, Noon + 300_000, 4);
        store.Add(store.EdgeOf("", "orders", "db"), Noon, 8);
        store.Add(store.EdgeOf("other", "web", "orders"), Noon, 16);
        Assert.Equal([new ServiceDependency("orders", "db", 8), new ServiceDependency("web", "orders", 3)], store.Read("", Noon, Noon + 1));
        Assert.Equal([new ServiceDependency("web", "orders", 4)], store.Read("", Noon + 300_000, Noon + 400_000));
        Assert.Equal([new ServiceDependency("orders", "db", 8), new ServiceDependency("web", "orders", 7)], store.Read("", Noon, Noon + 300_000));
        Assert.Equal([new ServiceDependency("web", "orders", 16)], store.Read("other", Noon, Noon));
        Assert.Empty(store.Read("", Noon - 300_000, Noon - 1));
    }

    [Fact]
    public void Counts_survive_a_restart_and_are_added_to()
    {
        for (var i = 0; i < 3; i++)
        {
            using var store = Open(DependencyLimits.Default);
            store.Add(store.EdgeOf("", "web", "orders"), Noon);
            store.Write();
            store.Add(store.EdgeOf("", "web", $"service {i}"), Noon);
        }
        using var last = Open(DependencyLimits.Default);
        Assert.Equal(
            [
                new ServiceDependency("web", "orders", 3), new ServiceDependency("web", "service 0", 1), new ServiceDependency("web", "service 1", 1),
                new ServiceDependency("web", "service 2", 1),
            ],
            last.Read("", Noon, Noon));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_disk_that_is_full_at_the_start_is_written_to_when_there_is_room()
    {
        var disk = new ForgetfulFileSystem();
        using (var store = OpenOn(disk))
        {
            store.Add(store.EdgeOf("", "web", "orders"), Noon);
        }
        (disk.FailsFromThenOn, disk.FailAt) = (true, 1);
        using (var store = OpenOn(disk))
        {
            store.Add(store.EdgeOf("", "web", "orders"), Noon, 2);
            store.Write();
            Assert.Equal([new ServiceDependency("web", "orders", 3)], store.Read("", Noon, Noon));
            (disk.FailsFromThenOn, disk.FailAt) = (false, 0);
            store.Add(store.EdgeOf("", "web", "orders"), Noon, 4);
        }
        using var reopened = OpenOn(disk);
        Assert.Equal([new ServiceDependency("web", "orders", 7)], reopened.Read("", Noon, Noon));

        static DependencyStore OpenOn(ForgetfulFileSystem disk) =>
            DependencyStore.Open("calls", DependencyLimits.Default, disk, TimeProvider.System, NullLogger.Instance);
    }

    [Fact]
    public void A_file_cut_anywhere_keeps_what_was_written_before()
    {
        using (var store = Open(DependencyLimits.Default))
        {
            for (var i = 0; i < 5; i++)
            {
                store.Add(store.EdgeOf("", "web", $"service {i}"), Noon);
                store.Write();
            }
        }
        var bytes = File.ReadAllBytes(Directory.GetFiles(_directory.Path).Single());
        var counted = 0;
        for (var length = 8; length <= bytes.Length; length++)
        {
            using var cut = new TemporaryDirectory();
            File.WriteAllBytes(Path.Combine(cut.Path, "00000001.calls"), bytes[..length]);
            using var store = DependencyStore.Open(cut.Path, DependencyLimits.Default, TimeProvider.System, NullLogger.Instance);
            var found = store.Read("", Noon, Noon);
            Assert.InRange(found.Count, counted, 5);
            Assert.Equal(Enumerable.Range(0, found.Count).Select(i => $"service {i}"), found.Select(edge => edge.Child));
            counted = found.Count;
        }
        Assert.Equal(5, counted);
    }

    [Fact]
    public void Damage_costs_the_counts_of_its_record_only()
    {
        using (var store = Open(DependencyLimits.Default))
        {
            for (var i = 0; i < 5; i++)
            {
                store.Add(store.EdgeOf("", "web", $"service {i}"), Noon);
                store.Write();
            }
        }
        var file = Directory.GetFiles(_directory.Path).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.AsSpan().IndexOf("service 2"u8)] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var again = Open(DependencyLimits.Default);
        Assert.Equal(["service 0", "service 1", "service 3", "service 4"], again.Read("", Noon, Noon).Select(edge => edge.Child));
    }

    [Fact]
    public void A_file_that_grew_too_long_is_written_anew()
    {
        var limits = DependencyLimits.Default with { FileBytes = 2_000 };
        using (var store = Open(limits))
        {
            var edge = store.EdgeOf("", "web", "orders");
            for (var i = 0; i < 1_000; i++)
            {
                store.Add(edge, Noon);
                store.Write();
            }
        }
        Assert.InRange(new FileInfo(Directory.GetFiles(_directory.Path).Single()).Length, 1, 2_100);
        using var again = Open(limits);
        Assert.Equal([new ServiceDependency("web", "orders", 1_000)], again.Read("", Noon, Noon));
    }

    [Fact]
    public void Limits_drop_the_oldest_and_count_what_is_lost()
    {
        using var store = Open(DependencyLimits.Default with { Edges = 2, Buckets = 2 });
        var edge = store.EdgeOf("", "web", "a");
        store.EdgeOf("", "web", "b");
        Assert.Equal(-1, store.EdgeOf("", "web", "c"));
        Assert.Equal(edge, store.EdgeOf("", "web", "a"));
        store.Add(edge, Noon);
        store.Add(edge, Noon + 300_000);
        store.Add(edge, Noon + 600_000);
        Assert.Empty(store.Read("", Noon, Noon));
        Assert.Equal(2, store.Read("", Noon, Noon + 600_000).Single().CallCount);
        Assert.Equal(0, store.Lost);
        store.Add(edge, Noon);
        store.Add(-1, Noon);
        store.Add(edge, DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeMilliseconds());
        Assert.Equal(3, store.Lost);
    }

    private DependencyStore Open(DependencyLimits limits) =>
        DependencyStore.Open(_directory.Path, limits, TimeProvider.System, NullLogger.Instance);
}
