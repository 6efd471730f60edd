using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics.Head;

/// <summary>What a selection found before is found again, as long as no series comes or leaves.</summary>
public sealed class SelectionCacheTests
{
    [Fact]
    public async Task The_same_question_has_the_same_answer_until_a_series_comes()
    {
        await using var store = MetricStore.OpenInMemory();
        store.AppendOne(Some.Series("m", "b"), 1000, 1);
        store.AppendOne(Some.Series("m", "a"), 1000, 1);
        var first = store.Head.Selections.Select([Some.Named("m")], CancellationToken.None);
        Assert.Equal([Some.Series("m", "a"), Some.Series("m", "b")], Labels(first));

        store.AppendOne(Some.Series("m", "a"), 2000, 1);
        Assert.Same(first, store.Head.Selections.Select([Some.Named("m")], CancellationToken.None));
        Assert.Equal(0, store.Head.Selections.Select([Some.Named("n")], CancellationToken.None).Count);

        store.AppendOne(Some.Series("m", "ab"), 2000, 1);
        Assert.Equal([Some.Series("m", "a"), Some.Series("m", "ab"), Some.Series("m", "b")],
            Labels(store.Head.Selections.Select([Some.Named("m")], CancellationToken.None)));
        Assert.Equal(2, first.Count);
    }

    [Fact]
    public async Task A_view_does_not_find_a_series_that_came_after_it()
    {
        await using var store = MetricStore.OpenInMemory();
        store.AppendOne(Some.Series("m", "a"), 1000, 1);
        using var before = store.Querier(0, 5000);
        store.AppendOne(Some.Series("m", "b"), 1000, 1);
        using var after = store.Querier(0, 5000);
        Assert.Equal(2, after.Select([Some.Named("m")], CancellationToken.None).Count);
        Assert.Single(before.Select([Some.Named("m")], CancellationToken.None));
        Assert.Equal(2, after.Select([Some.Named("m")], CancellationToken.None).Count);
    }

    private static LabelSet[] Labels(HeadSelection selection) => [.. Enumerable.Range(0, selection.Count).Select(selection.LabelsAt)];
}
