using System.Diagnostics;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Load;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.Agents;

/// <summary>The work of NPA and WPA: read what there is, ask the model, keep the plan.</summary>
internal sealed class Planning(
    AgentProfile profile, string agentId, FrameworkMetrics metrics, AgentTracer tracer, DataStoreClient stores, Dice dice, ServiceLog log,
    TimeProvider time)
{
    private const string Model = "planner-1";

    public Task RunAsync(HttpContext context) => tracer.TraceAsync(
        new AgentOperation("generate_plan") { AgentId = agentId, RequestSize = context.Request.ContentLength ?? 0 },
        (scope, cancellation) => MakePlanAsync(scope, context, cancellation), context.RequestAborted);

    private async Task MakePlanAsync(AgentScope scope, HttpContext context, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await stores.AskAsync(DataStore.Mongo, "find", "plans", """{"find": "plans", "filter": {"user": ?}}""", cancellation);
        await AskModelAsync(cancellation);
        var success = !dice.Chance(0.03);
        var kind = CountPlan(success);
        scope.Set("plan.kind", kind);
        if (success)
        {
            await stores.AskAsync(DataStore.Mongo, "insert", "plans", """{"insert": "plans", "documents": [?]}""", cancellation);
        }
        var took = Stopwatch.GetElapsedTime(start);
        metrics.AgentRequest(profile.Type, "generate_plan", success ? "200" : "500", took);
        if (success)
        {
            log.Info($"plan_generation finished: {kind}", ("agent_type", profile.Type), ("agent_id", agentId),
                ("performance_metric", Math.Round(took.TotalMilliseconds)));
            var answer = $$"""{"plan":"{{kind}}","agent":"{{profile.Type}}"}""";
            scope.SetResponse(answer.Length);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer, cancellation);
            return;
        }
        metrics.AgentError(profile.Type, "plan_generation");
        scope.Fail("plan_generation", "the model gave no usable plan");
        log.Error($"plan_generation failed: {kind}", ("agent_type", profile.Type), ("agent_id", agentId),
            ("error_details", "the model gave no usable plan"));
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    /// <summary>Most of the time of a plan.</summary>
    private Task AskModelAsync(CancellationToken cancellation) => tracer.TraceAsync(
        new AgentOperation("ask_model") { AgentId = agentId, GenAiOperation = GenAiConventions.Chat, RequestModel = Model },
        async (scope, cancellation) =>
        {
            await Task.Delay(dice.LogNormal(profile.MedianSeconds, spread: 0.6, maxSeconds: 8), time, cancellation);
            scope.SetUsage((long)dice.Between(200, 900), (long)dice.Between(300, 1500), Model);
        }, cancellation);

    private string CountPlan(bool success)
    {
        if (profile == AgentProfile.Nutrition)
        {
            var plan = dice.OneOf(AgentProfile.NutritionPlans);
            metrics.NutritionPlan(plan, success);
            return plan;
        }
        var workout = dice.OneOf(AgentProfile.WorkoutTypes);
        var difficulty = dice.OneOf(AgentProfile.Difficulties);
        metrics.WorkoutPlan(workout, difficulty, success);
        return $"{workout} ({difficulty})";
    }
}
