using Pharos.Server.Traces;
using Pharos.Storage.State;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Jaeger;

public sealed class ArchiveTests
{
    [Fact]
    public async Task An_archived_trace_is_found_when_the_store_has_it_no_more()
    {
        await using var stage = await JaegerStage.StartAsync();
        var span = stage.Make("a", 1, 2) with { Attributes = [new("k", AttributeValue.OfJson(AttributeKind.Array, "[1,2.5]"))], Kind = SpanKind.Client };
        stage.Put(span);
        Assert.Equal((200, """{"data":[],"total":0,"limit":0,"offset":0,"errors":[]}"""), await stage.Server.PostJsonAsync("/api/archive/1", ""));
        var kept = new TraceArchive(stage.Server.Server.Parts.State).Find("", new TraceId(0, 1))!;
        Assert.True(SpanEquality.Same(span, Assert.Single(kept.Spans)));
    }

    [Fact]
    public async Task An_unknown_trace_cannot_be_archived()
    {
        await using var stage = await JaegerStage.StartAsync();
        Assert.Equal(404, (await stage.Server.PostJsonAsync("/api/archive/1", "")).Status);
        Assert.Equal(400, (await stage.Server.PostJsonAsync("/api/archive/x", "")).Status);
    }

    [Fact]
    public void A_full_archive_takes_again_what_it_has_and_nothing_new()
    {
        using var state = new InMemoryStateStore();
        var archive = new TraceArchive(state);
        for (var i = 1; i <= TraceArchive.MaxTraces; i++)
        {
            Assert.Equal("", archive.Keep("", Of((ulong)i)));
        }
        Assert.Equal("", archive.Keep("", Of(7)));
        Assert.Equal("the archive holds 1000 traces and takes no more", archive.Keep("", Of(5_000)));
        Assert.Null(archive.Find("", new TraceId(0, 5_000)));
        Assert.Null(archive.Find("other", new TraceId(0, 7)));
    }

    private static Trace Of(ulong id) => new(new TraceId(0, id), [new Span { TraceId = new TraceId(0, id), SpanId = 1, StartNs = 1, EndNs = 2 }], 0);
}
