using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

/// <summary>Rows that are borrowed are those that are read, until they are given back; then nobody reads them without being told.</summary>
public sealed class BorrowedRowsTests : IDisposable
{
    private const int Entries = 3000;

    private readonly TemporaryDirectory _directory = new();
    private readonly LogStore _store;
    private ILogQuerier? _querier;

    public BorrowedRowsTests()
    {
        _store = Make.Open(Make.Options(_directory.Path) with { CompileFilter = static _ => null });
        for (var i = 0; i < Entries; i++)
        {
            var trace = $"{i:x8}{i * 7:x8}{i * 13:x8}{i * 31:x8}";
            _store.Append(Make.Labels($"app{i % 3}"), Make.TimeNs + (i * Make.SecondNs), $"line {i} {trace}{(i % 500 == 0 ? "\nmore" : "")}",
                ("detected_level", i % 7 == 0 ? "error" : "info"), ("trace", trace));
        }
    }

    public void Dispose()
    {
        _querier?.Dispose();
        _store.Close();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Borrowed_rows_are_those_that_are_read(bool hasDeletions)
    {
        if (hasDeletions)
        {
            _store.Delete(new LogDeletion("1", Make.Tenant, [Make.Equal("app", "app1")], Make.TimeNs, Make.TimeNs + (500 * Make.SecondNs), ""));
        }
        _store.Flush(CancellationToken.None);
        foreach (var block in Blocks())
        {
            foreach (var columns in (LogColumns[])[LogColumns.All, LogColumns.Times, LogColumns.Lines, LogColumns.Metadata, LogColumns.None])
            {
                var read = block.Read(columns);
                for (var again = 0; again < 2; again++)
                {
                    using var borrowed = block.Borrow(columns);
                    Assert.Equal(read.TimesNs, borrowed.Rows.TimesNs);
                    Assert.Equal(read.Lines, borrowed.Rows.Lines);
                    Assert.Equal(read.LineEnds, borrowed.Rows.LineEnds);
                    Assert.Equal(read.HasDeleted, borrowed.Rows.HasDeleted);
                    AssertSameMetadata(read, borrowed.Rows);
                }
            }
        }
    }

    [Fact]
    public void What_is_given_back_refuses_to_be_read()
    {
        _store.Flush(CancellationToken.None);
        var borrowed = Assert.Single(Blocks()).Borrow(LogColumns.All);
        var rows = borrowed.Rows;
        var column = rows.Metadata[0];
        var lines = rows.Lines;
        borrowed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows.TimesNs.Length);
        Assert.Throws<ObjectDisposedException>(() => rows.Lines.Length);
        Assert.Throws<ObjectDisposedException>(() => rows.LineEnds.Length);
        Assert.Throws<ObjectDisposedException>(() => rows.Line(0).Length);
        Assert.Throws<ObjectDisposedException>(() => column.Numbers.Length);
        Assert.Throws<ObjectDisposedException>(() => column.Value(0).Length);

        // A span of before is of no use; this store overwrites what comes back.
        Assert.Equal(-1, lines.IndexOfAnyExcept((byte)0xDB));
    }

    [Fact]
    public void Rows_given_back_twice_are_lent_to_one_reader_at_a_time()
    {
        _store.Flush(CancellationToken.None);
        var block = Assert.Single(Blocks());
        var borrowed = block.Borrow(LogColumns.All);
        borrowed.Dispose();
        borrowed.Dispose();
        using var first = block.Borrow(LogColumns.All);
        using var second = block.Borrow(LogColumns.All);
        Assert.False(first.Rows.Lines.Overlaps(second.Rows.Lines));
        Assert.False(first.Rows.TimesNs.Overlaps(second.Rows.TimesNs));
        Assert.False(first.Rows.LineEnds.Overlaps(second.Rows.LineEnds));
    }

    [Fact]
    public void Entries_in_memory_belong_to_the_head_and_stay()
    {
        foreach (var block in Blocks())
        {
            var borrowed = block.Borrow(LogColumns.All);
            var expected = borrowed.Rows.Lines.ToArray();
            borrowed.Dispose();
            Assert.Equal(expected, borrowed.Rows.Lines);
            Assert.Equal(expected, block.Read(LogColumns.All).Lines);
        }
    }

    private static void AssertSameMetadata(LogRows expected, LogRows actual)
    {
        Assert.Equal(expected.Metadata.Select(static column => column.Name), actual.Metadata.Select(static column => column.Name));
        for (var i = 0; i < expected.Metadata.Count; i++)
        {
            var (left, right) = (expected.Metadata[i], actual.Metadata[i]);
            Assert.Equal(left.Numbers, right.Numbers);
            Assert.Equal(left.Values, right.Values);
            for (var number = 0; number < left.Values; number++)
            {
                Assert.Equal(left.Value(number), right.Value(number));
            }
        }
    }

    private IReadOnlyList<ILogBlock> Blocks()
    {
        _querier = _store.Querier(Make.Tenant, long.MinValue, long.MaxValue);
        return _querier.Blocks([], CancellationToken.None);
    }
}
