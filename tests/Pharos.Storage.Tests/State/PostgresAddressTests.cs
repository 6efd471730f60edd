using Pharos.Storage.State.Postgres;

namespace Pharos.Storage.Tests.State;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("Host=db;Username=u;Password=hidden;Database=d", "PostgreSQL db:5432/d")]
    [InlineData("Server=db;Port=6543;User Id=u;Password=hidden", "PostgreSQL db:6543/u")]
    [InlineData("postgresql://u:hidden@db/d", "PostgreSQL db:5432/d")]
    [InlineData("postgres://u:hi%40dden@[::1]:6543/d%20e?sslmode=verify-full&application_name=x", "PostgreSQL ::1:6543/d e")]
    public void Reads_both_forms_and_prints_no_secret(string text, string shown)
    {
        var address = PostgresAddress.Parse(text);
        Assert.Equal(shown, address.ToString());
    }

    [Fact]
    public void A_uri_says_the_same_as_the_other_form()
    {
        var uri = new Npgsql.NpgsqlConnectionStringBuilder(
            PostgresAddress.Parse("postgres://u:hi%40dden@db:6543/d?sslmode=verify-full&connect_timeout=7").ConnectionString);
        Assert.Equal(("u", "hi@dden", Npgsql.SslMode.VerifyFull, 7), (uri.Username, uri.Password, uri.SslMode, uri.Timeout));
        Assert.Equal(3, new Npgsql.NpgsqlConnectionStringBuilder(PostgresAddress.Parse("Host=db").ConnectionString).Timeout);
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("Host=db;hidden=1")]
    [InlineData("Host=db;Port=hidden")]
    [InlineData("Password=hidden")]
    [InlineData("postgres://u:hidden@db/d?hidden=1")]
    [InlineData("postgres://u:hidden@:x/d")]
    public void What_is_none_is_refused_without_being_repeated(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));
        Assert.DoesNotContain("hidden", refusal.ToString(), StringComparison.Ordinal);
    }
}
