using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.EntityFrameworkCore.Tests.Running;

namespace MeaiRouter.EntityFrameworkCore.Tests.Keys;

public sealed class KeyStoreTests
{
    [Theory, Sqlite, Postgres]
    public async Task Keys_are_added_changed_and_deleted_and_another_store_sees_it(Database database)
    {
        using var test = new TestLedger(database);
        await using var store = new KeyStore(test.Options.ConnectionString);
        await using var other = new KeyStore(test.Options.ConnectionString);

        Assert.Empty(await store.ReadAsync());
        Assert.True(await store.AddAsync(new StoredKey("h2", "Team B", 1, "{}")));
        Assert.True(await store.AddAsync(new StoredKey("h1", "team-a", 1, "{}")));
        Assert.True(await store.ReplaceAsync(new StoredKey("h1", "team-a", 2, """{"a": 1}""")));
        Assert.Equal([new StoredKey("h2", "team b", 1, "{}"), new StoredKey("h1", "team-a", 2, """{"a": 1}""")], (await other.ReadAsync()).OrderBy(key => key.Name, StringComparer.Ordinal));

        Assert.True(await other.DeleteAsync("h2"));
        Assert.False(await store.DeleteAsync("h2"));
        Assert.Equal(["h1"], (await store.ReadAsync()).Select(key => key.Hash));
    }

    [Theory, Sqlite, Postgres]
    public async Task A_name_or_a_hash_is_there_once_whatever_its_case(Database database)
    {
        using var test = new TestLedger(database);
        await using var store = new KeyStore(test.Options.ConnectionString);
        await store.AddAsync(new StoredKey("h1", "team-a", 1, "{}"));

        Assert.False(await store.AddAsync(new StoredKey("h2", "TEAM-A", 1, "{}")));
        Assert.False(await store.AddAsync(new StoredKey("h1", "team-b", 1, "{}")));
        Assert.Single(await store.ReadAsync());
    }

    [Theory, Sqlite, Postgres]
    public async Task Of_two_who_change_a_key_at_the_same_time_one_is_told(Database database)
    {
        using var test = new TestLedger(database);
        await using var store = new KeyStore(test.Options.ConnectionString);
        await store.AddAsync(new StoredKey("h1", "team-a", 1, "{}"));

        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.ReplaceAsync(new StoredKey("h1", "team-a", 2, "{}")))));

        Assert.Single(changed, true);
    }
}
