using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Tests.Metrics.Blocks;

/// <summary>The index of a block, read from its file, against a look at every label set.</summary>
public sealed class MetricBlockIndexTests : IDisposable
{
    /// <summary>Their order as UTF-16 is not the one as UTF-8.</summary>
    private static readonly string[] Values = ["", "a", "ab", "abc", "b", "ba.c", "\uFF5E", "\U0001F600x"];
    private static readonly string[] Patterns = ["a.*", "ab?c*", "a|b|zz", "v1.*", "v1(2|3).*", ".*7", ".+", ".*", "nothing.*", "\U0001F600.*", ""];

    private static readonly Gen<LabelSet[]> Sets = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 2000]).Array[1, 400].Select(sets =>
        sets.Select(values => LabelSet.From(("__name__", "m"), ("one", Values[values.Item1]), ("two", Values[values.Item2]), ("unique", $"v{values.Item3}")))
            .Distinct().Order().ToArray());

    private static readonly Gen<LabelMatcher> Matcher = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2000], (type, name, value) =>
        new LabelMatcher((MatchType)type, name switch { 0 => "one", 1 => "two", 2 => "unique", _ => "unknown" },
            (MatchType)type is not (MatchType.Equal or MatchType.NotEqual) ? Patterns[value % Patterns.Length]
            : name == 2 ? $"v{value}" : Values[value % Values.Length]));

    private readonly TemporaryDirectory _directory = new();
    private int _blocks;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_selection_finds_what_a_look_at_every_series_finds() => Gen.Select(Sets, Matcher.Array[0, 3]).Sample((sets, matchers) =>
    {
        var block = Write(sets);
        Assert.Equal(sets.Where(labels => matchers.All(matcher => matcher.Matches(labels[matcher.Name]))),
            block.Select(matchers, 0, 1000, CancellationToken.None).Select(series => series.Labels));
        Assert.Equal(sets.SelectMany(labels => labels).Select(label => label.Name).Distinct().Order(StringComparer.Ordinal), block.LabelNames());
        foreach (var name in new[] { "one", "unique", "unknown" })
        {
            Assert.Equal(sets.Select(labels => labels[name]).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal),
                block.LabelValues(name));
        }
        block.Release();
    }, iter: 60, threads: 1);

    [Fact]
    public async Task An_index_that_is_altered_after_it_was_opened_is_named_and_answers_nothing_wrong()
    {
        var sets = Enumerable.Range(0, 400).Select(i => LabelSet.From(("__name__", "m"), ("unique", $"v{i:D4}"))).ToArray();
        var block = Write(sets);
        var whole = await File.ReadAllBytesAsync(block.FilePath);
        using var file = File.OpenHandle(block.FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var noticed = 0;
        for (var at = SealedFileKind.HeaderBytes; at < whole.Length - SealedFileKind.FooterBytes; at += 97)
        {
            RandomAccess.Write(file, [(byte)(whole[at] ^ 0x11)], at);
            try
            {
                // All of them before they are compared, which would wrap what is thrown.
                var found = block.Select([], 0, 1000, CancellationToken.None).Select(series => series.Labels).ToArray();
                Assert.Equal(sets, found);
            }
            catch (CorruptFileException exception)
            {
                noticed++;
                Assert.Equal(block.FilePath, exception.File);
                Assert.InRange(exception.Offset, at - BlockSection.PageBytes, at);
            }
            RandomAccess.Write(file, [whole[at]], at);
        }
        Assert.True(noticed > 20, $"{noticed} of {whole.Length / 97}");
        Assert.Equal(sets, block.Select([], 0, 1000, CancellationToken.None).Select(series => series.Labels));
        block.Release();
    }

    private MetricBlock Write(LabelSet[] sets)
    {
        var files = new DiskFileSystem();
        var path = _directory.File(MetricBlockFormat.Kind.FileName(++_blocks));
        using var writer = new MetricBlockWriter(files, path);
        foreach (var labels in sets)
        {
            writer.BeginSeries(labels);
            writer.AddChunk(ChunkKind.Xor, 0, 1000, 2, [1, 2, 3]);
        }
        writer.Finish(new MetricBlockMeta(_blocks, 0, 1000, Level: 1, 0, 0, 0, []));
        return MetricBlock.Open(files, path, new NoDamage());
    }

    private sealed class NoDamage : IBlockDamage
    {
        public void ChunkDamaged(MetricBlock block, long offset) => Assert.Fail($"a chunk at {offset}");

        public void Unreadable(MetricBlock block, IOException exception) => Assert.Fail(exception.Message);
    }
}
