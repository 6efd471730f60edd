using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Logging;
using Pharos.Instrumentation.Metrics;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation.Tests.Guide;

/// <summary>The code of the guide and of the package's README, so that it compiles.</summary>
internal static class GuideCode
{
    public static async Task StartAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddPharosInstrumentation(options => options.ServiceName = "nutrition-agent");
        builder.Logging.ClearProviders().AddPharosJson();
        var app = builder.Build();
        app.MapMetrics();
        app.MapGet("/api/users/{id}", (string id) => $"user {id}");
        await app.RunAsync();
    }

    public static void Readme(WebApplicationBuilder builder)
    {
        builder.AddPharosInstrumentation(options => options.ServiceName = "nutrition-agent");
        builder.Logging.AddPharosJson();
        var app = builder.Build();
        app.MapMetrics();
    }

    public static void More(WebApplicationBuilder builder, WebApplication app)
    {
        app.MapPost("/plans", (FrameworkMetrics metrics) =>
        {
            var start = Stopwatch.GetTimestamp();
            metrics.NutritionPlan("keto", success: true);
            metrics.AgentRequest("npa", "generate_plan", "200", Stopwatch.GetElapsedTime(start));
        });
        builder.AddPharosInstrumentation(options => options.Meters.Add("MyCompany.*"));
        builder.AddPharosInstrumentation(options => options.ExportTraces = false);
        builder.Logging.AddPharosJson(log =>
        {
            log.FilePath = "/var/log/nutrition-agent.log";
            log.MaxFileBytes = 16 << 20;
        });
    }

    public static async Task<string> TraceAsync(AgentTracer tracer, string question, CancellationToken cancellation)
    {
        var plan = tracer.Trace("generate_plan", static scope =>
        {
            scope.SetUsage(inputTokens: 310, outputTokens: 420);
            return "keto";
        });
        var answer = await tracer.TraceAsync(
            new AgentOperation("ask_model") { AgentId = "npa-0", GenAiOperation = GenAiConventions.Chat, RequestModel = "planner-1" },
            question,
            static async (scope, question, cancellation) => await Model.AskAsync(question, cancellation),
            cancellation);
        using (var scope = tracer.StartOperation("sync"))
        {
            scope.Set("plan.kind", plan);
            if (plan.Length == 0)
            {
                scope.Fail("no_plan", "the model gave none");
            }
        }
        var request = new AgentCommunication("mca", "npa", "plan_request") { Pattern = CommunicationPattern.Message };
        var headers = new Dictionary<string, string>();
        using (var sending = tracer.StartSend(request))
        {
            sending.Inject(headers);
        }
        using (var receiving = tracer.StartReceive(request, headers))
        {
            receiving.SetResponse(17);
        }
        return answer + headers.GetValueOrDefault("traceparent");
    }

    private static class Model
    {
        public static Task<string> AskAsync(string question, CancellationToken cancellation) =>
            Task.FromResult(cancellation.IsCancellationRequested ? "" : $"{question}!");
    }
}
