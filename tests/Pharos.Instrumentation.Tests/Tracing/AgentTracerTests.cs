using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation.Tests.Tracing;

[Collection(OneAtATime.Name)]
public sealed partial class AgentTracerTests
{
    /// <summary>Sources are the process's: each test has an agent of its own.</summary>
    private readonly string _type = $"t{Guid.NewGuid():N}";

    private Spans Listen() => new(AgentTracer.SourcePrefix + _type);

    [Fact]
    public void A_span_has_the_frameworks_attributes_and_the_conventions_beside_them()
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type, new AgentTracerOptions { ProviderName = "acme" });
        var answer = tracer.Trace(
            new AgentOperation("generate_plan") { AgentId = "npa-0", RequestSize = 120, ConversationId = "c1", RequestModel = "m" },
            static scope =>
            {
                scope.SetResponse(7);
                scope.SetUsage(10, 20, "m-1");
                return 42;
            });
        Assert.Equal(42, answer);
        var span = spans.Single;
        Assert.Equal("agent.generate_plan", span.DisplayName);
        Assert.Equal((ActivityKind.Internal, ActivityStatusCode.Unset), (span.Kind, span.Status));
        Assert.Equal("5.0.0", span.Source.Version);
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        Assert.IsType<double>(tags["agent.duration_ms"]);
        tags.Remove("agent.duration_ms");
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["agent.type"] = _type, ["agent.id"] = "npa-0", ["agent.operation"] = "generate_plan", ["request.size"] = 120L,
                ["response.size"] = 7L, ["agent.success"] = true,
                ["gen_ai.operation.name"] = "invoke_agent", ["gen_ai.provider.name"] = "acme", ["gen_ai.agent.name"] = _type,
                ["gen_ai.agent.id"] = "npa-0", ["gen_ai.conversation.id"] = "c1", ["gen_ai.request.model"] = "m",
                ["gen_ai.usage.input_tokens"] = 10L, ["gen_ai.usage.output_tokens"] = 20L, ["gen_ai.response.model"] = "m-1",
            }.OrderBy(tag => tag.Key, StringComparer.Ordinal),
            tags.OrderBy(tag => tag.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void An_exception_is_recorded_once_in_the_innermost_span_and_goes_on()
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        var thrown = Assert.Throws<InvalidOperationException>(() => tracer.Trace("outer", tracer, static (_, tracer) =>
            tracer.Trace<int>("inner", static _ => throw new InvalidOperationException("no plan"))));
        Assert.Contains("inner", string.Join(',', spans.All.Select(span => span.DisplayName)), StringComparison.Ordinal);
        Assert.Equal(["agent.inner", "agent.outer"], spans.All.Select(span => span.DisplayName));
        Assert.All(spans.All, span =>
        {
            Assert.Equal((ActivityStatusCode.Error, "no plan"), (span.Status, span.StatusDescription));
            Assert.Equal("System.InvalidOperationException", span.GetTagItem("error.type"));
            Assert.False((bool)span.GetTagItem("agent.success")!);
        });
        var e = Assert.Single(spans.All.SelectMany(span => span.Events));
        Assert.Equal("exception", e.Name);
        Assert.Equal("no plan", e.Tags.Single(tag => tag.Key == "exception.message").Value);
        Assert.Same(e.Name, Assert.Single(spans.All.First().Events).Name);
        Assert.NotNull(thrown.StackTrace);
    }

    [Theory]
    [InlineData(true, ActivityStatusCode.Error)]
    [InlineData(false, ActivityStatusCode.Unset)]
    public async Task What_the_caller_cancelled_is_no_success_and_may_be_no_error(bool isError, ActivityStatusCode status)
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type, new AgentTracerOptions { CancellationIsError = isError });
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tracer.TraceAsync("wait", async (scope, cancellation) =>
        {
            await cancelled.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }, cancelled.Token));
        Assert.Equal(status, spans.Single.Status);
        Assert.False((bool)spans.Single.GetTagItem("agent.success")!);
        Assert.Equal("System.OperationCanceledException", spans.Single.GetTagItem("error.type"));
    }

    [Fact]
    public async Task An_asynchronous_operation_is_the_parent_of_what_it_starts_after_a_pause()
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        var answer = await tracer.TraceAsync("outer", tracer, static async (_, tracer, _) =>
        {
            await Task.Yield();
            return tracer.Trace("inner", static _ => "done");
        });
        Assert.Equal("done", answer);
        var (inner, outer) = (spans.All.First(), spans.All.Last());
        Assert.Equal(outer.SpanId, inner.ParentSpanId);
        Assert.Equal(outer.TraceId, inner.TraceId);
    }

    [Fact]
    public void A_scope_ends_once_however_often_it_is_disposed_of()
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        var scope = tracer.StartOperation("plan");
        var copy = scope;
        scope.SetResponse(new Answer("ü"), AnswerJson.Default.Answer);
        scope.Fail("no_plan", "the model gave none");
        scope.Dispose();
        copy.Dispose();
        var span = spans.Single;
        Assert.Equal("{\"Text\":\"\\u00FC\"}".Length, (long)span.GetTagItem("response.size")!);
        Assert.Equal(("no_plan", ActivityStatusCode.Error), (span.GetTagItem("error.type"), span.Status));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Nobody_listening_costs_nothing()
    {
        // A meter of this test's alone: applications of other tests listen to those that are nobody's.
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var tracer = new AgentTracer(_type, new AgentTracerOptions { MeterFactory = services.GetRequiredService<IMeterFactory>() });
        int Run() => tracer.Trace("plan", 20, static (scope, n) =>
        {
            scope.SetResponse(n);
            return n + 1;
        });
        Assert.Equal(21, Run());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Run();
            using var scope = tracer.StartOperation("plan");
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000, "less than a byte for each operation");
    }

    [Theory]
    [InlineData("has blank")]
    [InlineData("")]
    [InlineData("user/4711")]
    public void A_name_that_could_be_anything_does_not_name_a_span(string operation)
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        tracer.Trace(operation, static _ => 0);
        Assert.Equal("agent.other", spans.Single.DisplayName);
        Assert.Equal(operation, spans.Single.GetTagItem("agent.operation"));
    }

    [Fact]
    public void Names_of_spans_are_bounded()
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        for (var i = 0; i < AgentTracer.MaxOperationNames + 10; i++)
        {
            tracer.Trace($"op{i}", static _ => 0);
        }
        Assert.Equal(AgentTracer.MaxOperationNames + 1, spans.All.Select(span => span.DisplayName).Distinct().Count());
    }

    [Theory]
    [InlineData(CommunicationPattern.Request, ActivityKind.Client, ActivityKind.Server)]
    [InlineData(CommunicationPattern.Message, ActivityKind.Producer, ActivityKind.Consumer)]
    public void A_message_carries_the_trace_and_its_baggage_to_the_other_agent(
        CommunicationPattern pattern, ActivityKind sends, ActivityKind receives)
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        var communication = new AgentCommunication("mca", "npa", "plan_request")
        {
            Pattern = pattern, DataSize = 64, ServerAddress = new Uri("http://npa.local:8091"),
        };
        var message = new Dictionary<string, string>();
        using (var sending = tracer.StartSend(communication))
        {
            sending.Activity!.AddBaggage("user.id", "user 7");
            sending.Inject(message);
        }
        Assert.StartsWith("00-", message["traceparent"], StringComparison.Ordinal);
        Assert.Null(Activity.Current);
        using (var receiving = tracer.StartReceive(communication, message))
        {
            Assert.Equal("user 7", receiving.Activity!.GetBaggageItem("user.id"));
        }
        var (sent, received) = (spans.All.First(), spans.All.Last());
        Assert.Equal((sends, receives), (sent.Kind, received.Kind));
        Assert.Equal(("agent.communication", "agent.communication"), (sent.DisplayName, received.DisplayName));
        Assert.Equal((sent.TraceId, sent.SpanId), (received.TraceId, received.ParentSpanId));
        Assert.True(received.HasRemoteParent);
        Assert.Equal(
            [
                ("communication.data_size", 64L), ("communication.source", "mca"), ("communication.target", "npa"),
                ("communication.type", "plan_request"), ("peer.service", "npa"), ("server.address", "npa.local"), ("server.port", 8091),
            ],
            sent.TagObjects.Select(tag => (tag.Key, tag.Value!)).OrderBy(tag => tag.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("not a context")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what")]
    public void A_message_with_a_broken_context_begins_a_new_trace(string parent)
    {
        using var spans = Listen();
        using var tracer = new AgentTracer(_type);
        var message = new Dictionary<string, string> { ["traceparent"] = parent, ["baggage"] = new string('=', 9000) };
        using (tracer.StartReceive(new AgentCommunication("mca", "npa", "x"), message))
        {
        }
        Assert.Equal(default, spans.Single.ParentSpanId);
        Assert.Empty(spans.Single.Baggage);
    }

    [Fact]
    public void The_latest_conventions_leave_the_identity_out_and_measure_invocations()
    {
        using var spans = Listen();
        var conventions = GenAiConventions.Of("http, gen_ai_latest_experimental");
        using var tracer = new AgentTracer(_type, new AgentTracerOptions { Conventions = conventions, GenAiSpanNames = true });
        using var exporter = new PrometheusExporter(new PrometheusExporterOptions { MeterNames = [AgentTracer.MeterName] });
        tracer.Trace(new AgentOperation("plan") { AgentId = "npa-0" }, static _ => 0);
        Assert.Equal($"invoke_agent {_type}", spans.Single.DisplayName);
        Assert.Null(spans.Single.GetTagItem("gen_ai.agent.id"));
        var text = exporter.Render(ExpositionFormat.OpenMetrics);
        Assert.Contains($"gen_ai_invoke_agent_duration_seconds_count{{gen_ai_agent_name=\"{_type}\",gen_ai_operation_name=\"invoke_agent\","
            + "gen_ai_provider_name=\"custom\"} 1\n", text, StringComparison.Ordinal);
        var line = Assert.Single(text.Split('\n'), line => line.Contains($"agent_operation_duration_seconds_bucket{{agent_type=\"{_type}\"", StringComparison.Ordinal)
            && line.Contains("trace_id", StringComparison.Ordinal));
        Assert.Contains($"span_id=\"{spans.Single.SpanId}\"", line, StringComparison.Ordinal);
        Assert.Contains("operation=\"plan\",outcome=\"success\"", line, StringComparison.Ordinal);
    }

    internal sealed record Answer(string Text);

    [JsonSerializable(typeof(Answer))]
    internal sealed partial class AnswerJson : JsonSerializerContext;
}
