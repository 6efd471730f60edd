using Pharos.Alerting.Notifications;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.State;

namespace Pharos.Alerting.Tests.Notifications;

public sealed class GroupMemoryTests : IDisposable
{
    private readonly InMemoryStateStore _state = new();

    [Fact]
    public void What_is_kept_is_recalled_until_it_expires_or_is_forgotten()
    {
        Assert.True(Memory().Keep("C1 1.2", Some.Now));
        Assert.Equal("C1 1.2", Memory().Recall(Some.Now.AddHours(119)));
        Assert.Null(Memory().Recall(Some.Now.AddHours(121)));
        Assert.Null(Memory("other").Recall(Some.Now));
        Memory().Forget();
        Assert.Null(Memory().Recall(Some.Now));
    }

    [Fact]
    public void A_group_that_starts_anew_recalls_nothing_and_keeps_what_is_new()
    {
        Memory().Keep("old", Some.Now);
        var anew = Memory(startsAnew: true);
        Assert.Null(anew.Recall(Some.Now));
        anew.Keep("new", Some.Now);
        Assert.Equal("new", Memory().Recall(Some.Now));
    }

    [Fact]
    public void Without_a_store_nothing_is_kept()
    {
        Assert.False(GroupMemory.None.Keep("text", Some.Now));
        Assert.Null(GroupMemory.None.Recall(Some.Now));
    }

    public void Dispose() => _state.Dispose();

    private GroupMemory Memory(string key = "key", bool startsAnew = false) => GroupMemory.Of(_state, key, startsAnew);
}
