using CsCheck;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Tests.Metrics.Head;

/// <summary>What views see of a series, against a list of every commit.</summary>
public sealed class OlderCommitsTests
{
    private const int SeriesCount = 3;

    /// <summary>Views open and close between commits; a commit adds to some of the series, to one perhaps more than once.</summary>
    [Fact]
    public void A_view_sees_the_commits_up_to_its_own() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1000]).Array[0, 400].Sample(steps =>
    {
        var page = new SeriesPage();
        var all = new List<(int Index, long Commit)>();
        var views = new List<long>();
        var published = 1L;
        foreach (var (what, which) in steps)
        {
            if (what == 0)
            {
                views.Add(published);
            }
            else if (what == 1 && views.Count > 0)
            {
                views.RemoveAt(which % views.Count);
            }
            else
            {
                var scope = new CommitScope(published + 1, views.Count > 0 ? views[0] : published, views.Count > 0 ? views[^1] : published);
                page.TrimCommits(scope);
                for (var i = 0; i < 1 + (which % 4); i++)
                {
                    var index = (which / 4 * (i + 1)) % SeriesCount;
                    page.CountSample(ref page.States[index], index, scope);
                    all.Add((index, scope.Number));
                }

                // A view that opens while the commit is applied does not see it, either.
                AssertSeen([.. views, published]);
                published++;
            }
            AssertSeen([.. views, published]);
        }

        void AssertSeen(List<long> commits)
        {
            foreach (var commit in commits)
            {
                for (var index = 0; index < SeriesCount; index++)
                {
                    Assert.Equal(all.Count(sample => sample.Index == index && sample.Commit > commit),
                        page.HiddenFrom(page.States[index], index, commit));
                }
            }
        }
    });
}
