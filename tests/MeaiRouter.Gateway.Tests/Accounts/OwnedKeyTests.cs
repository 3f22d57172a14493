using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>Keys of providers that callers leave with the gateway, over HTTP.</summary>
public sealed class OwnedKeyTests : AccountTest
{
    private const string Operators = "key-of-first";
    private const string Secret = "sk-owner-0123456789-abc";

    private readonly string _ring = Directory.CreateTempSubdirectory("meairouter-ring-").FullName;

    private static readonly string[] OtherModels = ["other/*"];
    private static readonly string[] Alice = ["alice"];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_ring, recursive: true);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_left_here_is_used_at_once_shown_never_and_kept_encrypted(bool durable)
    {
        First.RequireKey(Operators, Secret);
        FirstScript.Always(Answer);
        await using var gateway = await (durable ? StartAsync(Ledger, Ring) : StartAsync());
        var (team, _) = await CreateAsync(gateway, new { name = "team" });

        var added = await ManageAsync(gateway, HttpMethod.Post, "/byok", new { provider = "FIRST", key = Secret, name = "ours", sort_order = 3 });

        Assert.Equal(201, added.Status);
        HttpAnswer.AssertJson(
            """
            { "provider": "first", "name": "ours", "label": "sk-own...abc", "disabled": false, "is_readable": true, "is_fallback": false, "is_required": false,
              "is_byok_only": false, "always_use": false, "sort_order": 3, "allowed_models": null, "allowed_user_ids": null, "allowed_api_key_hashes": null,
              "declared_zdr": null, "workspace_id": null }
            """,
            added.Json["data"]!, "id", "created_at", "updated_at");
        var answer = await gateway.PostAsync(Hello(streaming: false), team);
        Assert.Equal(("Hello there", true), (answer.Text, (bool)answer.Usage["is_byok"]!));
        Assert.Equal("Bearer " + Secret, First.Requests.Single().Headers["Authorization"]);

        var list = await ManageAsync(gateway, HttpMethod.Get, "/byok");
        Assert.Equal([(string)added.Json["data"]!["id"]!], list.Json["data"]!.AsArray().Select(item => (string)item!["id"]!));
        Assert.DoesNotContain(Secret, added.Body + list.Body + gateway.Log.Text + EverythingOnDisk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_outlives_the_process_and_is_out_of_use_without_what_it_was_encrypted_with()
    {
        First.RequireKey(Operators, Secret);
        FirstScript.Always(Answer);
        string team;
        await using (var gateway = await StartAsync(Ledger, Ring))
        {
            (team, _) = await CreateAsync(gateway, new { name = "team" });
            await ManageAsync(gateway, HttpMethod.Post, "/byok", new { provider = "first", key = Secret });
        }

        await using (var again = await StartAsync(Ledger, Ring))
            Assert.Equal("Hello there", (await again.PostAsync(Hello(streaming: false), team)).Text);
        await using var without = await StartAsync(Ledger, ("MeaiRouter:Gateway:KeyRing", Path.Combine(_ring, "another")));
        Assert.Equal("Hello there", (await without.PostAsync(Hello(streaming: false), team)).Text);

        Assert.Equal(["Bearer " + Secret, "Bearer " + Operators], First.Requests.Select(request => request.Headers["Authorization"]));
        Assert.False((bool)(await ManageAsync(without, HttpMethod.Get, "/byok")).Json["data"]![0]!["is_readable"]!);
        Assert.Contains("The provider's key 'first's' (byok-", without.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_for_whom_it_says_and_no_one_else()
    {
        First.RequireKey(Operators, Secret);
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync();
        var (team, hash) = await CreateAsync(gateway, new { name = "team" });
        var (other, _) = await CreateAsync(gateway, new { name = "other" });
        string[] hashes = [hash];
        var added = await ManageAsync(gateway, HttpMethod.Post, "/byok", new { provider = "first", key = Secret, allowed_api_key_hashes = hashes, allowed_user_ids = Alice });
        var path = $"/byok/{(string)added.Json["data"]!["id"]!}";

        await gateway.PostAsync(Hello(false, ("user", "alice")), team);
        await gateway.PostAsync(Hello(false, ("user", "bob")), team);
        await gateway.PostAsync(Hello(false, ("user", "alice")), other);
        Assert.Equal(200, (await ManageAsync(gateway, HttpMethod.Patch, path, new { allowed_models = OtherModels })).Status);
        await gateway.PostAsync(Hello(false, ("user", "alice")), team);
        await ManageAsync(gateway, HttpMethod.Patch, path, new { allowed_models = (string[]?)null, disabled = true });
        await gateway.PostAsync(Hello(false, ("user", "alice")), team);
        await ManageAsync(gateway, HttpMethod.Patch, path, new { disabled = false });
        await gateway.PostAsync(Hello(false, ("user", "alice")), team);
        Assert.Equal(200, (await ManageAsync(gateway, HttpMethod.Delete, path)).Status);
        await gateway.PostAsync(Hello(false, ("user", "alice")), team);

        bool[] withOwn = [true, false, false, false, false, true, false];
        Assert.Equal(withOwn.Select(own => "Bearer " + (own ? Secret : Operators)), First.Requests.Select(request => request.Headers["Authorization"]));
        Assert.Equal(404, (await ManageAsync(gateway, HttpMethod.Get, path)).Status);
    }

    [Theory]
    [InlineData("""{ "key": "sk-owner-0123456789-abc" }""", "'provider' is missing.")]
    [InlineData("""{ "provider": "frist", "key": "sk-owner-0123456789-abc" }""", "'provider' is 'frist', which is not a provider of this gateway. Did you mean 'first'?")]
    [InlineData("""{ "provider": "first", "key": "sk-short" }""", "'key' must be a string of at least 16 characters that can be sent in an HTTP header.")]
    [InlineData("""{ "provider": "first", "key": "sk-owner-0123456789-abc", "is_fallback": true, "always_use": true }""",
        "'is_fallback' and 'always_use' contradict each other: a key that is always used is no fallback. Set one of them.")]
    [InlineData("""{ "provider": "first", "key": "sk-owner-0123456789-abc", "allowed_model": [] }""", "'allowed_model' is not a field of a provider's key. Did you mean 'allowed_models'?")]
    public async Task What_cannot_be_such_a_key_is_refused_with_the_field_and_the_remedy(string body, string message)
    {
        await using var gateway = await StartAsync();

        var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/byok", new StringContent(body), AdminKey);

        Assert.Equal((400, message), (answer.Status, (string)answer.Error["message"]!));
        Assert.Empty((await ManageAsync(gateway, HttpMethod.Get, "/byok")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task Without_a_key_ring_nothing_is_kept_that_would_have_to_be_encrypted()
    {
        await using var gateway = await StartAsync(Ledger);

        var answer = await ManageAsync(gateway, HttpMethod.Post, "/byok", new { provider = "first", key = Secret });

        Assert.Equal(501, answer.Status);
        Assert.Contains("Set MeaiRouter:Gateway:KeyRing to a folder that only it can read.", (string)answer.Error["message"]!, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_request_may_bring_a_key_for_itself(bool streaming)
    {
        First.RequireKey(Operators, Secret);
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync();
        var (team, _) = await CreateAsync(gateway, new { name = "team" });

        var answer = await gateway.PostWithAsync(Hello(streaming), team, ("X-Provider-Key", "first " + Secret));

        Assert.Equal("Hello there", answer.Text);
        Assert.Equal("Bearer " + Secret, First.Requests.Single().Headers["Authorization"]);
        var mixedUp = await gateway.PostWithAsync(Hello(streaming), team, ("X-Provider-Key", Secret));
        Assert.Equal((400, "The header X-Provider-Key must be the name of a provider, a space, and the key to call it with."), (mixedUp.Status, (string)mixedUp.Error["message"]!));
        var unknown = await gateway.PostWithAsync(Hello(streaming), team, ("X-Provider-Key", "frist " + Secret));
        Assert.Equal((400, "The header X-Provider-Key names a provider that this gateway does not have. Its providers are: first, second."), (unknown.Status, (string)unknown.Error["message"]!));
        Assert.DoesNotContain(Secret, answer.Body + mixedUp.Body + unknown.Body + gateway.Log.Text, StringComparison.Ordinal);
    }

    private (string, string?) Ring => ("MeaiRouter:Gateway:KeyRing", Path.Combine(_ring, "ring"));
}
