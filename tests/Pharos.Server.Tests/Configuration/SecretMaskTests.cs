using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Server.Tests.Configuration;

public sealed class SecretMaskTests
{
    [Fact]
    public void A_files_text_shows_no_secret_and_is_otherwise_unchanged()
    {
        const string Yaml = """
            # 🚨 a comment
            scrape_configs:
            - job_name: 🚨
              basic_auth: {username: u, password: "hunter2"}   # tail
              proxy_url: http://me:hunter2@proxy:3128
            - job_name: b
              authorization:
                credentials: |
                  hunter2
                  hunter2
              consul_sd_configs: [{token: hunter2, server: 'h:1'}]
            remote_write:
            - url: http://me:hunter2@host/push
            """;
        const string Masked = """
            # 🚨 a comment
            scrape_configs:
            - job_name: 🚨
              basic_auth: {username: u, password: <secret>}   # tail
              proxy_url: <secret>
            - job_name: b
              authorization:
                credentials: <secret>
              consul_sd_configs: [{token: <secret>, server: 'h:1'}]
            remote_write:
            - url: http://me:<secret>@host/push
            """;
        Assert.Equal(Masked, ConfigFiles.Prometheus(Yaml).Files[0].TextWithoutSecrets);
    }

    [Fact]
    public void Webhook_addresses_are_secrets()
    {
        var result = AlertmanagerFile.ReadText("a.yml", """
            global: {slack_api_url: 'https://hooks.example/hunter2'}
            route: {receiver: r}
            receivers: [{name: r, webhook_configs: [{url: 'https://x/hunter2'}], discord_configs: [{webhook_url: 'https://x/hunter2'}]}]
            """);
        Assert.NotNull(result.Config);
        Assert.DoesNotContain("hunter2", result.Report.TextWithoutSecrets, StringComparison.Ordinal);
    }
}
