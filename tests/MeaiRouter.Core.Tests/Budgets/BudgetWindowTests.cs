using System.Globalization;
using MeaiRouter.Budgets;

namespace MeaiRouter.Core.Tests.Budgets;

public sealed class BudgetWindowTests
{
    [Theory]
    [InlineData("daily", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")]
    [InlineData("daily", "2026-02-28T23:59:59.9999999Z", "2026-03-01T00:00:00Z")]
    [InlineData("daily", "2028-02-28T12:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("weekly", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("weekly", "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData("weekly", "2026-12-31T08:00:00Z", "2027-01-04T00:00:00Z")]
    [InlineData("monthly", "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z")]
    [InlineData("monthly", "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData("monthly", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    [InlineData("monthly", "2026-02-01T01:00:00+03:00", "2026-02-01T00:00:00Z")]
    public void A_fixed_window_ends_where_the_calendar_of_utc_says(string window, string moment, string end) =>
        Assert.Equal(Moment(end), BudgetWindow.Parse(window).EndAfter(Moment(moment)));

    [Theory]
    [InlineData("lifetime")]
    [InlineData("24h")]
    public void A_lifetime_and_a_rolling_window_never_end(string window) =>
        Assert.Equal(DateTimeOffset.MaxValue, BudgetWindow.Parse(window).EndAfter(Moment("2026-01-01T00:00:00Z")));

    [Theory]
    [InlineData("Daily", "daily")]
    [InlineData("WEEKLY", "weekly")]
    [InlineData("monthly", "monthly")]
    [InlineData("Lifetime", "lifetime")]
    [InlineData("24h", "1d")]
    [InlineData("36H", "36h")]
    [InlineData("90m", "90m")]
    [InlineData("366d", "366d")]
    [InlineData("1m", "1m")]
    public void A_window_is_read_as_it_is_written(string text, string written)
    {
        Assert.Equal(written, BudgetWindow.Parse(text).ToString());
        Assert.Equal(BudgetWindow.Parse(text), BudgetWindow.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yearly")]
    [InlineData("h")]
    [InlineData("0m")]
    [InlineData("367d")]
    [InlineData("-1d")]
    [InlineData("24")]
    [InlineData("24:00:00")]
    [InlineData("99999999999d")]
    public void What_is_no_window_is_refused(string text)
    {
        Assert.False(BudgetWindow.TryParse(text, out _));
        Assert.Equal(
            $"'{text}' is not a window. It must be daily, weekly, monthly, lifetime, or a length from 1m to 366d such as 24h, which rolls.",
            Assert.Throws<FormatException>(() => BudgetWindow.Parse(text)).Message);
    }

    [Fact]
    public void A_rolling_window_lasts_from_a_minute_to_a_leap_year()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BudgetWindow.Rolling(TimeSpan.FromSeconds(59)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BudgetWindow.Rolling(TimeSpan.FromDays(367)));
    }

    [Theory]
    [InlineData("global", BudgetScopeKind.Global, null, "global")]
    [InlineData("Key: team-a ", BudgetScopeKind.Key, "team-a", "key:team-a")]
    [InlineData("user:*", BudgetScopeKind.User, "*", "user:*")]
    [InlineData("model:acme/small:free", BudgetScopeKind.Model, "acme/small:free", "model:acme/small:free")]
    [InlineData("PROVIDER:acme", BudgetScopeKind.Provider, "acme", "provider:acme")]
    [InlineData("tag:batch", BudgetScopeKind.Tag, "batch", "tag:batch")]
    [InlineData("session:*", BudgetScopeKind.Session, "*", "session:*")]
    public void A_scope_is_read_as_it_is_written(string text, BudgetScopeKind kind, string? name, string written)
    {
        var scope = BudgetScope.Parse(text);

        Assert.Equal((kind, name, name == "*", written), (scope.Kind, scope.Name, scope.IsForEach, scope.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("team-a")]
    [InlineData("key:")]
    [InlineData("key: ")]
    [InlineData("team:a")]
    [InlineData("global:*")]
    public void What_is_no_scope_is_refused(string text) => Assert.Equal(
        $"'{text}' is not a scope. It must be global, or one of key, user, tag, session, model, provider with a name, such as key:team-a or user:*.",
        Assert.Throws<FormatException>(() => BudgetScope.Parse(text)).Message);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
