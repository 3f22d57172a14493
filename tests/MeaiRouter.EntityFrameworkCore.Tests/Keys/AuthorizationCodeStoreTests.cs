using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Keys;

public sealed class AuthorizationCodeStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory, Sqlite, Postgres]
    public async Task Of_several_gateways_that_take_a_code_at_the_same_time_one_gets_it(Database database)
    {
        using var test = new TestLedger(database);
        await using var store = new AuthorizationCodeStore(test.Options.ConnectionString);
        await using var other = new AuthorizationCodeStore(test.Options.ConnectionString);
        var code = new StoredCode("d1", Now.AddMinutes(10), """{"a": 1}""");
        Assert.True(await store.AddAsync(code, Now, most: 10));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? store : other).TakeAsync("d1"))));

        Assert.Equal(code, Assert.Single(taken, found => found is not null));
        Assert.Null(await store.TakeAsync("d1"));
        Assert.Null(await store.TakeAsync("never"));
    }

    [Theory, Sqlite, Postgres]
    public async Task There_is_room_for_so_many_and_those_whose_time_is_over_make_some(Database database)
    {
        using var test = new TestLedger(database);
        await using var store = new AuthorizationCodeStore(test.Options.ConnectionString);

        Assert.True(await store.AddAsync(new StoredCode("d1", Now.AddMinutes(1), "{}"), Now, most: 2));
        Assert.True(await store.AddAsync(new StoredCode("d2", Now.AddMinutes(2), "{}"), Now, most: 2));
        Assert.False(await store.AddAsync(new StoredCode("d3", Now.AddMinutes(3), "{}"), Now, most: 2));
        Assert.True(await store.AddAsync(new StoredCode("d3", Now.AddMinutes(3), "{}"), Now.AddMinutes(1), most: 2));
        Assert.Null(await store.TakeAsync("d1"));
        Assert.NotNull(await store.TakeAsync("d2"));
    }
}
