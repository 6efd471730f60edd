using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Alerting.Rules;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Receivers.RemoteWrite;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Query.PromQL.Syntax;
using Pharos.Server.Api.Alertmanager;
using Pharos.Server.Api.Dashboards;
using Pharos.Server.Api.Events;
using Pharos.Server.Api.Jaeger.Collector;
using Pharos.Server.Api.Loki;
using Pharos.Server.Api.Loki.Admin;
using Pharos.Server.Api.Loki.Fields;
using Pharos.Server.Api.Loki.Patterns;
using Pharos.Server.Api.Loki.Pushing;
using Pharos.Server.Api.Loki.Rules;
using Pharos.Server.Api.Loki.Series;
using Pharos.Server.Api.Loki.Tailing;
using Pharos.Server.Api.Otlp;
using Pharos.Server.Api.Pharos;
using Pharos.Server.Api.Pharos.Logs;
using Pharos.Server.Api.Prometheus;
using Pharos.Server.Api.Prometheus.Admin;
using Pharos.Server.Api.Prometheus.Description;
using Pharos.Server.Api.Prometheus.Federation;
using Pharos.Server.Api.Prometheus.Notifications;
using Pharos.Server.Api.Prometheus.Queries;
using Pharos.Server.Api.Prometheus.Rules;
using Pharos.Server.Api.Prometheus.Search;
using Pharos.Server.Api.Prometheus.Series;
using Pharos.Server.Api.Prometheus.Status;
using Pharos.Server.Api.Prometheus.Targets;
using Pharos.Server.Api.RemoteStorage;
using Pharos.Server.Dashboards.Data;
using Pharos.Server.Governing;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Logs;
using Pharos.Server.Security;
using Pharos.Server.SelfMonitoring;
using Pharos.Server.Traces;
using Pharos.Storage.Model;

namespace Pharos.Server.Hosting;

/// <summary>Puts every API, the self metrics and the web interface onto the routes of one server.</summary>
internal sealed class ServerEndpoints(
    PharosServerOptions options, ServerParts parts, Reloader reloader, Func<bool> isReady, Action quit, Func<Uri> baseAddress,
    CancellationToken stopping)
{
    /// <summary>Where users reach the server, without a slash at the end.</summary>
    public static string ExternalUrl(PharosServerOptions options, Uri baseAddress) =>
        options.ExternalUrl is { } url ? url.ToString().TrimEnd('/')
            : baseAddress.ToString().TrimEnd('/') + RoutePrefix.Of(options.RoutePrefix, null);

    /// <param name="roleOf">Whose familiar port a local one is.</param>
    public void Map(WebApplication app, WebAccess? access, Func<int, PortRole> roleOf)
    {
        var prefix = RoutePrefix.Of(options.RoutePrefix, options.ExternalUrl);
        new HttpMetrics(parts.Meter).Use(app);
        parts.Meter.CreateObservableGauge(
            "prometheus_ready", () => isReady() ? 1 : 0,
            description: "Whether startup was fully completed and the server is ready for normal operation.");
        if (access is not null)
        {
            app.UseWebAccess(access);
        }
        app.UseSecurityHeaders();
        app.Use(CleanPath.RedirectAsync);
        new CrossOrigin(options.CorsOrigin, prefix).Use(app);
        app.UseResponseCompression();
        app.UseWebSockets();
        new PortPaths(roleOf, prefix, options.JaegerQueryBasePath).Use(app);
        app.UseRouting();
        var routes = app.MapGroup(prefix);
        if (prefix.Length > 0)
        {
            app.MapMethods("/", ["GET", "HEAD"], (RequestDelegate)(context =>
            {
                context.Response.Redirect(prefix + "/");
                return Task.CompletedTask;
            }));
        }
        MapPrometheus(routes);
        MapOtlp(routes);
        MapLoki(routes);
        new TraceEndpoints(options, parts).Map(routes);
        new JaegerHealth(isReady, parts.StartedAt, options.Time).Map(routes);
        var status = new AlertmanagerStatus(() => parts.Pipeline.Cluster, () => reloader.Current.AlertmanagerText, parts.StartedAt);
        new AlertmanagerApi(parts.Pipeline, status, parts.Forwarder.Sender, options.Time).Map(routes);
        new EventsApi(new EventIntake(parts.Pipeline, options.Time), new ChangeEvents(parts.Store, options.Time)).Map(routes);
        new PharosApi(options.Demo, () => reloader.Current.Warnings).Map(routes);
        new HistoryApi(parts.Pipeline.Transitions, parts.Pipeline.History).Map(routes);
        new SilencesApi(parts.Pipeline, options.Time).Map(routes);
        new PharosApiDescription(prefix).Map(routes);
        var variables = new VariableOptions(parts.Store);
        new DashboardEndpoints(
            () => reloader.Current.Dashboards, new PanelDataSource(parts.Engine, parts.Store, variables), variables, options.Time).Map(routes);
        new LifecycleEndpoints(options.EnableLifecycle, isReady, reloader.ReloadAsync, quit).Map(routes);
        routes.MapMethods("/metrics", ["GET", "HEAD"], (RequestDelegate)new MetricsEndpoint(parts.Registry).AnswerAsync);
        foreach (var more in options.MoreEndpoints)
        {
            more(routes);
        }
        var unknown = new UnknownPaths(app);
        new WebUi(options.UiFolder, prefix, unknown.AnswerAsync, options.PageTitle).Map(routes);
        unknown.Map();
    }

    private void MapPrometheus(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1");
        var api = new ApiRoutes(group, parts.Logger);
        new QueryEndpoints(parts.Store, parts.Engine, parts.RangeCache, parts.QueryLog, options.QueryMaxConcurrency, options.Time).Map(api);
        QueryTextEndpoints.Map(api);
        new ExemplarEndpoint(parts.Store).Map(api);
        new SeriesEndpoints(parts.Store, ParseSelector, parts.Governor.RefusalOfSeries).Map(api);
        new SearchEndpoints(
            parts.Store, parts.Collector, ParseSelector, options.EnabledFeatures.Contains("search-api"), options.SearchMaxLimit,
            options.Time).Map(api);
        new TargetEndpoints(parts.Collector, ParseSelector).Map(api);
        new ScrapePoolEndpoints(parts.Collector, () => reloader.Current).Map(api);
        new MetadataEndpoint(parts.Store, parts.Collector).Map(api);
        new RuleEndpoints(_ => parts.Rules.Groups(), ParseSelector).Map(api);
        new StatusEndpoints(options, parts, reloader, baseAddress).Map(api);
        new NotificationEndpoints(parts.Notices, stopping).Map(api);
        api.MapStream("/openapi.yaml", alsoPost: false, new ApiDescription(RoutePrefix.Of(options.RoutePrefix, options.ExternalUrl)).AnswerAsync);
        new AdminEndpoints(parts.Store, ParseSelector, options.EnableAdminApi).Map(api);
        var receiver = options.EnableRemoteWriteReceiver ? new RemoteWriteReceiver(parts.Store, options.Time, parts.Meter)
        {
            TypeAndUnitLabels = options.EnabledFeatures.Contains("type-and-unit-labels"),
        } : null;
        group.MapMethods("/write", ["POST"], (RequestDelegate)new RemoteWriteEndpoint(receiver, options.RemoteWriteMessages).AnswerAsync);
        var read = new RemoteReadServer(
            parts.Store, () => reloader.Current.ExternalLabels, options.RemoteReadLimits, parts.Meter)
        {
            Refusal = samples => parts.Governor.RefusalOf(Governor.RemoteRead, samples),
        };
        group.MapMethods("/read", ["POST"], (RequestDelegate)new RemoteReadEndpoint(read).AnswerAsync);
        var federate = new FederateEndpoint(
            parts.Store.Local, ParseSelector, () => reloader.Current.ExternalLabels, options.Time, options.QueryLookback)
        {
            Refusal = samples => parts.Governor.RefusalOf(Governor.Federation, samples),
        };
        routes.MapMethods("/federate", ["GET"], (RequestDelegate)federate.AnswerAsync);
        routes.MapMethods("/version", ["GET"], (RequestDelegate)ServerVersion.AnswerAsync);
    }

    private void MapOtlp(IEndpointRouteBuilder routes)
    {
        var receiver = new OtlpMetricsReceiver(
            parts.Store, () => reloader.Current.Otlp,
            new OtlpFeatures
            {
                DeltaToCumulative = options.EnabledFeatures.Contains("otlp-deltatocumulative"),
                NativeDelta = options.EnabledFeatures.Contains("otlp-native-delta-ingestion"),
                TypeAndUnitLabels = options.EnabledFeatures.Contains("type-and-unit-labels"),
                Lookback = options.QueryLookback,
            },
            options.Time, parts.Meter);
        routes.MapMethods(
            "/v1/metrics", ["POST"], (RequestDelegate)new OtlpMetricsEndpoint(receiver, asPrometheus: false, parts.Logger).AnswerAsync);
        routes.MapMethods(
            "/api/v1/otlp/v1/metrics", ["POST"],
            (RequestDelegate)new OtlpMetricsEndpoint(
                options.EnableOtlpReceiver ? receiver : null, asPrometheus: true, parts.Logger).AnswerAsync);
        var metrics = OtlpService.Of("metrics", (_, message) => receiver.ReceiveProtobuf(message.Span), parts.Logger);
        routes.MapMethods(OtlpService.MetricsPath, ["POST"], (RequestDelegate)metrics.AnswerAsync);
        var logs = OtlpService.Of("logs", ReceiveLogs, parts.Logger);
        routes.MapMethods(OtlpService.LogsPath, ["POST"], (RequestDelegate)logs.AnswerAsync);
        foreach (var (path, asLoki) in (ReadOnlySpan<(string, bool)>)[("/v1/logs", false), ("/otlp/v1/logs", true)])
        {
            var endpoint = new OtlpLogsEndpoint(parts.Loki.Otlp, parts.Loki.Tenants, asLoki, parts.Logger);
            routes.MapMethods(path, ["POST"], (RequestDelegate)endpoint.AnswerAsync);
        }
    }

    private OtlpOutcome ReceiveLogs(HttpContext context, ReadOnlyMemory<byte> message)
    {
        var outcome = parts.Loki.Otlp.ReceiveProtobuf(LokiTenancy.One(context, parts.Loki.Tenants.Config), message.Span);
        return outcome.Status < StatusCodes.Status429TooManyRequests ? new OtlpOutcome(outcome.Refused, false, outcome.Message)
            : throw new LokiRefusal(outcome.Status, outcome.Message);
    }

    private void MapLoki(IEndpointRouteBuilder routes)
    {
        var loki = parts.Loki;
        var api = new LokiRoutes(routes, loki.Tenants, options.Time, parts.Logger);
        var push = new PushEndpoint(loki.Intake, parts.Logger);
        api.Map("/loki/api/v1/push", push.AnswerAsync, "POST");
        api.Map("/api/prom/push", push.AnswerAsync, "POST");
        new Api.Loki.Queries.QueryEndpoints(parts.LogQueries).Map(api);
        new LabelEndpoints(loki.Store).Map(api);
        new IndexEndpoints(loki.Store).Map(api);
        new TailEndpoint(loki.Store, parts.LogQueries, options.Time, stopping).Map(api);
        new PatternsEndpoint(loki.Store, parts.LogQueries).Map(api);
        new DetectedFieldsEndpoint(parts.LogQueries).Map(api);
        new DetectedLabelsEndpoint(loki.Store).Map(api);
        new DeleteEndpoints(loki.Deletes).Map(api);
        new RejectedLinesEndpoint(loki.Intake.Rejected, parts.StartedAt).Map(api);
        new ShippedFilesEndpoint(() => parts.Shipper.Jobs).Map(routes);
        new LogContextEndpoint(parts.LogQueries).Map(api);
        new LokiStatusEndpoints(loki.Store, loki.Tenants, isReady, () => reloader.Current.LokiText).Map(api);
        new RuleStoreEndpoints(new LogRuleFolder(options.DataPath, () => loki.Tenants.Config), reloader.ReloadAsync).Map(api);
        new RuleEndpoints(GroupsOfTenant, ParseSelector).Map(new ApiRoutes(routes.MapGroup("/prometheus/api/v1"), parts.Logger));
    }

    /// <summary>The groups on logs of whoever asks.</summary>
    private IReadOnlyList<RuleGroupSnapshot> GroupsOfTenant(ApiRequest request)
    {
        var tenant = LokiTenancy.One(request.Context, parts.Loki.Tenants.Config);
        return [.. parts.Rules.Groups().Where(group => group.Options.LogTenant == tenant)];
    }

    private static IReadOnlyList<LabelMatcher>? ParseSelector(string selector, out string error)
    {
        try
        {
            error = "";
            return PromParser.ParseMetricSelector(selector);
        }
        catch (PromParseException e)
        {
            error = e.Message;
            return null;
        }
    }
}
