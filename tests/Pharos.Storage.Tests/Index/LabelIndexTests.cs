using CsCheck;
using Pharos.Storage.Index;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Tests.Index;

/// <summary>The index against a look at every label set.</summary>
public sealed class LabelIndexTests
{
    private static readonly string[] Values = ["", "a", "ab", "abc", "b", "ba.c", "bax"];
    private static readonly string[] Patterns = ["a.*", "ab+", "ab?c*", "a|b", "b.+", "ba\\.c", "(a|b).*", ".*c", ".+", ".*", "x{2}", "ab{0,1}.*", ""];

    private static readonly Gen<LabelSet> Labels = Gen.Int[0, Values.Length - 1].Array[3].Select(values => LabelSet.From(
        ("__name__", "m" + values[0]), ("one", Values[values[1]]), ("two", Values[values[2]])));

    private static readonly Gen<LabelMatcher> Matcher = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 100], (type, name, value) =>
        new LabelMatcher((MatchType)type, name == 0 ? "one" : "two", (MatchType)type is MatchType.Equal or MatchType.NotEqual
            ? Values[value % Values.Length] : Patterns[value % Patterns.Length]));

    [Fact]
    public void A_selection_finds_what_a_look_at_every_series_finds() =>
        Gen.Select(Labels.Array[0, 40], Gen.Int[0, 39].Array[0, 20], Matcher.Array[0, 3]).Sample((sets, gone, matchers) =>
        {
            using var index = new LabelIndex();
            var series = new Dictionary<ulong, (LabelSet Labels, uint[] Pairs)>();
            Add(index, series, 1, sets);
            Assert.Equal(Expected(series, matchers), index.Select(matchers, CancellationToken.None));

            Remove(index, series, [.. gone.Select(at => (ulong)at + 1).Where(series.ContainsKey).Distinct()]);
            Assert.Equal(Expected(series, matchers), index.Select(matchers, CancellationToken.None));

            Add(index, series, 100_000, sets);
            Assert.Equal(Expected(series, matchers), index.Select(matchers, CancellationToken.None));
            Assert.Equal(series.Values.SelectMany(one => one.Labels).Select(label => label.Name).Distinct().Order(), index.Names().Order());
            Assert.Equal(series.Values.Select(one => one.Labels["one"]).Where(value => value != "").Distinct().Order(),
                index.Values("one").Order());

            Remove(index, series, [.. series.Keys]);
            Assert.Empty(index.Names());
            Assert.Empty(index.Select(matchers, CancellationToken.None));
        });

    [Fact]
    public void Of_many_values_a_prefix_finds_its_own_before_and_after_more_are_added()
    {
        using var index = new LabelIndex();
        var series = new Dictionary<ulong, (LabelSet Labels, uint[] Pairs)>();
        LabelMatcher[] matchers = [new(MatchType.Regex, "one", "v12.*")];
        for (var round = 0; round < 6; round++)
        {
            var first = round * 700;
            Add(index, series, (ulong)first + 1, [.. Enumerable.Range(first, 700).Select(i => LabelSet.From(("one", $"v{i * 7919 % 4200}")))]);
            Assert.Equal(Expected(series, matchers), index.Select(matchers, CancellationToken.None));
        }
        Remove(index, series, [.. series.Keys.Where(id => id % 3 == 0)]);
        Assert.Equal(Expected(series, matchers), index.Select(matchers, CancellationToken.None));
    }

    private static ulong[] Expected(Dictionary<ulong, (LabelSet Labels, uint[] Pairs)> series, LabelMatcher[] matchers) =>
        [.. series.Where(one => matchers.All(matcher => matcher.Matches(one.Value.Labels[matcher.Name]))).Select(one => one.Key).Order()];

    private static void Add(LabelIndex index, Dictionary<ulong, (LabelSet, uint[])> series, ulong firstId, LabelSet[] sets)
    {
        foreach (var labels in sets)
        {
            var pairs = new uint[labels.Count];
            index.Acquire(labels, pairs);
            Assert.Equal(labels, pairs.Select(pair => index[pair]));
            index.Add(firstId, pairs);
            series.Add(firstId++, (labels, pairs));
        }
    }

    private static void Remove(LabelIndex index, Dictionary<ulong, (LabelSet Labels, uint[] Pairs)> series, ulong[] ids)
    {
        using var gone = new IdSet();
        foreach (var id in ids)
        {
            gone.Add(id);
        }
        index.Remove(gone, ids.SelectMany(id => series[id].Pairs).ToHashSet());
        foreach (var id in ids)
        {
            index.Release(series[id].Pairs);
            series.Remove(id);
        }
    }
}
