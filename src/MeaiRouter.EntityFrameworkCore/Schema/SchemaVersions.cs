
namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>
/// The statements that lead from each version of the schema to the next, in both databases. A version that has been released is never changed:
/// what comes later is another entry.
/// </summary>
internal static class SchemaVersions
{
    /// <summary>The statements of version 1, 2, ...</summary>
    public static IReadOnlyList<IReadOnlyList<string>> All(SqlDialect dialect) => [First(dialect), Keys(dialect), Accounts(dialect), UpstreamCosts, Codes(dialect)];

    // Digests here too: a code that is read in the table opens nothing.
    private static string[] Codes(SqlDialect dialect) =>
    [
        $"""
        CREATE TABLE authorization_codes (
            digest text NOT NULL PRIMARY KEY,
            expires_at bigint NOT NULL,
            document {dialect.JsonType} NOT NULL)
        """,
    ];

    // What was charged to callers' own keys before is in the records and in no sum.
    private static string[] UpstreamCosts => ["ALTER TABLE rollups ADD COLUMN upstream_nano_usd bigint NOT NULL DEFAULT 0"];

    // Digests only: whoever reads the table can present none of its keys.
    private static string[] Keys(SqlDialect dialect) =>
    [
        $"""
        CREATE TABLE gateway_keys (
            hash text NOT NULL PRIMARY KEY,
            name text NOT NULL UNIQUE,
            version bigint NOT NULL,
            document {dialect.JsonType} NOT NULL)
        """,
    ];

    // The documents of providers' keys hold secrets, encrypted with keys that are not in this database.
    private static string[] Accounts(SqlDialect dialect) =>
    [
        $"""
        CREATE TABLE provider_keys (
            hash text NOT NULL PRIMARY KEY,
            name text NOT NULL UNIQUE,
            version bigint NOT NULL,
            document {dialect.JsonType} NOT NULL)
        """,
        """
        CREATE TABLE generation_feedback (
            id text NOT NULL PRIMARY KEY,
            generation_id text NOT NULL,
            created_at bigint NOT NULL,
            key_name text NOT NULL,
            category text NOT NULL,
            comment text NOT NULL)
        """,
        "CREATE INDEX feedback_by_generation ON generation_feedback (generation_id)",
    ];

    private static string[] First(SqlDialect dialect) =>
    [
        $"""
        CREATE TABLE requests (
            id text NOT NULL PRIMARY KEY,
            created_at bigint NOT NULL,
            requested_model text,
            served_model text,
            key_name text,
            user_name text,
            is_streamed bigint NOT NULL,
            outcome text NOT NULL,
            finish_reason text,
            attempts bigint NOT NULL,
            cost_nano_usd bigint,
            record {dialect.JsonType} NOT NULL){dialect.WithoutRowId}
        """,
        "CREATE INDEX requests_by_time ON requests (created_at)",
        $"""
        CREATE TABLE attempts (
            request_id text NOT NULL,
            number bigint NOT NULL,
            started_at bigint NOT NULL,
            model text,
            provider text NOT NULL,
            endpoint text,
            outcome text NOT NULL,
            failure text,
            status bigint,
            duration_us bigint NOT NULL,
            first_content_us bigint,
            cost_nano_usd bigint,
            is_estimated bigint NOT NULL,
            input_tokens bigint NOT NULL,
            cache_read_tokens bigint NOT NULL,
            cache_write_tokens bigint NOT NULL,
            cache_write_1h_tokens bigint NOT NULL,
            audio_input_tokens bigint NOT NULL,
            image_input_tokens bigint NOT NULL,
            video_input_tokens bigint NOT NULL,
            output_tokens bigint NOT NULL,
            reasoning_tokens bigint NOT NULL,
            audio_output_tokens bigint NOT NULL,
            image_output_tokens bigint NOT NULL,
            billed_requests bigint NOT NULL,
            billed_images bigint NOT NULL,
            web_searches bigint NOT NULL,
            tool_units bigint NOT NULL,
            PRIMARY KEY (request_id, number)){dialect.WithoutRowId}
        """,
        $"""
        CREATE TABLE rollups (
            seconds bigint NOT NULL,
            started_at bigint NOT NULL,
            tag text NOT NULL,
            model text NOT NULL,
            provider text NOT NULL,
            endpoint text NOT NULL,
            key_name text NOT NULL,
            user_name text NOT NULL,
            requests bigint NOT NULL,
            failed_requests bigint NOT NULL,
            cancelled_requests bigint NOT NULL,
            attempts bigint NOT NULL,
            failed_attempts bigint NOT NULL,
            unpriced_attempts bigint NOT NULL,
            estimated_attempts bigint NOT NULL,
            cost_nano_usd bigint NOT NULL,
            answers bigint NOT NULL,
            answer_us bigint NOT NULL,
            first_contents bigint NOT NULL,
            first_content_us bigint NOT NULL,
            input_tokens bigint NOT NULL,
            cache_read_tokens bigint NOT NULL,
            cache_write_tokens bigint NOT NULL,
            cache_write_1h_tokens bigint NOT NULL,
            audio_input_tokens bigint NOT NULL,
            image_input_tokens bigint NOT NULL,
            video_input_tokens bigint NOT NULL,
            output_tokens bigint NOT NULL,
            reasoning_tokens bigint NOT NULL,
            audio_output_tokens bigint NOT NULL,
            image_output_tokens bigint NOT NULL,
            billed_requests bigint NOT NULL,
            billed_images bigint NOT NULL,
            web_searches bigint NOT NULL,
            tool_units bigint NOT NULL,
            PRIMARY KEY (seconds, started_at, tag, model, provider, endpoint, key_name, user_name)){dialect.WithoutRowId}
        """,
        """
        CREATE TABLE positions (
            journal text NOT NULL PRIMARY KEY,
            sequence bigint NOT NULL,
            segment bigint NOT NULL,
            byte_offset bigint NOT NULL)
        """,
        """
        CREATE TABLE unreadable_records (
            journal text NOT NULL,
            sequence bigint NOT NULL,
            payload text NOT NULL,
            error text NOT NULL,
            PRIMARY KEY (journal, sequence))
        """,
    ];
}
