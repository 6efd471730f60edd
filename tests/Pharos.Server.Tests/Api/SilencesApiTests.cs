using System.Globalization;
using System.Text.Json;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api;

/// <summary>Silences that come back and silences of one receiver, and that clients of API v2 see nothing strange.</summary>
public sealed class SilencesApiTests
{
    private const string Matchers = "\"matchers\":[{\"name\":\"alertname\",\"value\":\"A\",\"isRegex\":false}],\"createdBy\":\"me\",\"comment\":\"backup\"";

    [Fact]
    public async Task A_recurring_silence_shows_as_an_ordinary_one_and_ends_with_its_rule()
    {
        await using var server = await StartAsync();
        // It runs now, whatever the time is.
        var (status, body) = await server.PostJsonAsync(
            "/api/pharos/silences/recurring", $$"""{{{Matchers}},"timeIntervals":[{"years":["2000:2100"],"location":"Europe/Berlin"}]}""");
        Assert.Equal((200, ""), (status, status == 200 ? "" : body));
        var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString();
        var document = await server.JsonAsync("/api/pharos/openapi.json");
        DescribedAnswer.Check(document, "SilenceTaken", JsonDocument.Parse(body).RootElement);
        var all = await server.JsonAsync("/api/pharos/silences/recurring");
        DescribedAnswer.Check(document, "RecurringSilences", all);
        var one = Assert.Single(all.GetProperty("recurringSilences").EnumerateArray());
        Assert.Equal(one.GetRawText(), (await server.GetAsync($"/api/pharos/silences/recurring/{id}")).Body.Trim());
        Assert.Equal("""[{"times":[],"weekdays":[],"days_of_month":[],"months":[],"years":["2000:2100"],"location":"Europe/Berlin"}]""", one.GetProperty("timeIntervals").GetRawText());

        await server.PostJsonAsync("/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""");
        var silences = (await server.JsonAsync("/api/v2/silences")).EnumerateArray().ToArray();
        var active = Assert.Single(silences, silence => silence.GetProperty("status").GetProperty("state").GetString() == "active");
        Assert.Equal("backup", active.GetProperty("comment").GetString());
        Assert.False(active.TryGetProperty("recurringID", out _));
        var alert = Assert.Single((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
        Assert.Equal(active.GetProperty("id").GetString(), Assert.Single(alert.GetProperty("status").GetProperty("silencedBy").EnumerateArray()).GetString());
        var ours = await server.JsonAsync("/api/pharos/silences");
        DescribedAnswer.Check(document, "Silences", ours);
        Assert.All(ours.GetProperty("silences").EnumerateArray(), silence => Assert.Equal(id, silence.GetProperty("recurringID").GetString()));

        using var gone = await server.Http.DeleteAsync($"/api/pharos/silences/recurring/{id}");
        Assert.True(gone.IsSuccessStatusCode);
        Assert.All(
            (await server.JsonAsync("/api/v2/silences")).EnumerateArray(),
            silence => Assert.Equal("expired", silence.GetProperty("status").GetProperty("state").GetString()));
        Assert.Equal(404, (await server.GetAsync($"/api/pharos/silences/recurring/{id}")).Status);
    }

    [Fact]
    public async Task A_silence_of_one_receiver_does_not_exist_for_clients_that_know_none()
    {
        await using var server = await StartAsync();
        var times = string.Create(CultureInfo.InvariantCulture, $"\"startsAt\":\"{DateTime.UtcNow:O}\",\"endsAt\":\"{DateTime.UtcNow.AddHours(1):O}\"");
        var (status, body) = await server.PostJsonAsync("/api/pharos/silences", $$"""{{{Matchers}},{{times}},"receiver":"hook"}""");
        Assert.Equal(200, status);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString();
        Assert.Equal("[]", (await server.GetAsync("/api/v2/silences")).Body.Trim());
        Assert.Equal(404, (await server.GetAsync($"/api/v2/silence/{id}")).Status);
        Assert.Equal(404, (await server.PostJsonAsync("/api/v2/silences", $$"""{"id":"{{id}}",{{Matchers}},{{times}}}""")).Status);
        await server.PostJsonAsync("/api/v2/alerts", """[{"labels":{"alertname":"A"}}]""");
        var alert = Assert.Single((await server.JsonAsync("/api/v2/alerts")).EnumerateArray());
        Assert.Equal("active", alert.GetProperty("status").GetProperty("state").GetString());
        var ours = (await server.JsonAsync("/api/pharos/silences?receiver=hook")).GetProperty("silences").EnumerateArray();
        Assert.Equal(("hook", id), (Assert.Single(ours).GetProperty("receiver").GetString(), ours.First().GetProperty("id").GetString()));

        using var ended = await server.Http.DeleteAsync($"/api/v2/silence/{id}");
        Assert.True(ended.IsSuccessStatusCode);
        Assert.Equal("expired", (await server.JsonAsync("/api/pharos/silences")).GetProperty("silences")[0].GetProperty("status").GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("silences", "\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"receiver\":\"nobody\"", "there is no receiver \"nobody\"")]
    [InlineData("silences/recurring", "\"timeIntervals\":[]", "invalid recurring silence: 0 time intervals, from 1 to 100 are allowed")]
    [InlineData("silences/recurring", "\"timeIntervals\":[{\"weekdays\":[\"someday\"]}]", "invalid recurring silence: someday is not a valid weekday")]
    [InlineData("silences/recurring", "\"timeIntervals\":[{\"weekday\":[\"monday\"]}]", "silence.timeIntervals in body must be a list of time intervals: ")]
    [InlineData("silences/recurring", "\"timeIntervals\":[null]", "silence.timeIntervals in body must be a list of time intervals: ")]
    [InlineData("silences/recurring", "\"x\":1", "silence.timeIntervals in body is required")]
    public async Task Wrong_requests_are_refused_with_the_reason(string path, string members, string error)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.PostJsonAsync($"/api/pharos/{path}", $$"""{{{Matchers}},{{members}}}""");
        Assert.Equal(400, status);
        Assert.StartsWith(error, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static async Task<RunningServer> StartAsync()
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(file, "route: {receiver: hook}\nreceivers: [{name: hook}]\n");
        return await RunningServer.StartAsync(folder, options => options with { AlertmanagerConfigFile = file });
    }
}
