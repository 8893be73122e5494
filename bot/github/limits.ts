/**
 * GitHub's limits, each with the words of the page that states it. The app keeps to them and the GitHub of the tests
 * enforces them, so that a limit that is wrong here is wrong in one place. Pages are those of docs.github.com.
 */

/** "The Checks API limits the number of annotations to a maximum of 50 per API request." (rest/checks/runs) */
export const MAX_ANNOTATIONS_PER_REQUEST = 50;

/** "The summary of the check run. This parameter supports Markdown. Maximum length: 65535 characters." (rest/checks/runs) */
export const MAX_SUMMARY = 65_535;

/** "The details of the check run. Maximum length: 65535 characters." (rest/checks/runs) */
export const MAX_TEXT = 65_535;

/** "The title that represents the annotation. The maximum size is 255 characters." (rest/checks/runs) */
export const MAX_TITLE = 255;

/** "A short description of the feedback for these lines of code. The maximum size is 64 KB." (rest/checks/runs) */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** "Details about this annotation. The maximum size is 64 KB." (rest/checks/runs) */
export const MAX_RAW_DETAILS_BYTES = 64 * 1024;

/**
 * "A maximum of three actions are accepted. […] label: The maximum size is 20 characters. description: 40. identifier: 20."
 * (rest/checks/runs)
 */
export const MAX_ACTIONS = 3;
export const MAX_ACTION_LABEL = 20;
export const MAX_ACTION_DESCRIPTION = 40;
export const MAX_ACTION_IDENTIFIER = 20;

/** "Body is too long (maximum is 65536 characters)": the answer to a longer comment or review. */
export const MAX_BODY = 65_536;

/** "per_page: The number of results per page (max 100)." (rest/using-the-rest-api/using-pagination-in-the-rest-api) */
export const PAGE = 100;

/** "Responses include a maximum of 3000 files." (rest/pulls/pulls#list-pull-requests-files) */
export const MAX_PULL_FILES = 3000;

/** "Lists a maximum of 250 commits for a pull request." (rest/pulls/pulls#list-commits-on-a-pull-request) */
export const MAX_PULL_COMMITS = 250;

/** "The list of changed files is only shown on the first page of results, and it includes up to 300 changed files for the entire comparison." (rest/commits/commits#compare-two-commits) */
export const MAX_COMPARE_FILES = 300;

/** "If there are more than 300 files in the commit diff […] the response will include pagination link headers for the remaining files, up to a limit of 3000 files." (rest/commits/commits#get-a-commit) */
export const MAX_COMMIT_FILES = 3000;
export const MAX_COMMIT_FILES_PER_PAGE = 300;

/** "In a pull request, no total diff may exceed: 20,000 lines that you can load, 1 MB of raw diff data." (repositories/creating-and-managing-repositories/repository-limits#diff-limits) */
export const MAX_DIFF_LINES = 20_000;
export const MAX_DIFF_BYTES = 1024 * 1024;

/** "No single file's diff may exceed: 20,000 lines that you can load, 500 KB of raw diff data." (the same page) */
export const MAX_FILE_DIFF_LINES = 20_000;
export const MAX_FILE_DIFF_BYTES = 500 * 1024;

/** "The maximum number of files in a single diff is limited to 300." (the same page) */
export const MAX_DIFF_FILES = 300;

/** "If the file's size is between 1-100 MB: only the raw or object custom media types are supported." (rest/repos/contents) */
export const MAX_CONTENTS_BYTES = 1024 * 1024;

/** "This endpoint supports blobs up to 100 megabytes in size." (rest/git/blobs#get-a-blob) */
export const MAX_BLOB_BYTES = 100 * 1024 * 1024;

/** "The limit for the tree array is 100,000 entries with a maximum size of 7 MB when using the recursive parameter." (rest/git/trees#get-a-tree) */
export const MAX_TREE_ENTRIES = 100_000;

/** "In general, no more than 80 content-generating requests per minute and no more than 500 content-generating requests per hour are allowed." (rest/using-the-rest-api/rate-limits-for-the-rest-api) */
export const MAX_CONTENT_PER_MINUTE = 80;
export const MAX_CONTENT_PER_HOUR = 500;

/** "No more than 100 concurrent requests are allowed." (the same page) */
export const MAX_CONCURRENT_REQUESTS = 100;

/** "GitHub App installations […] not on a GitHub Enterprise Cloud organization: 5,000 requests per hour" at least. (the same page) */
export const REQUESTS_PER_HOUR = 5000;

/** "The installation access token will expire after 1 hour." (apps/creating-github-apps/authenticating-with-a-github-app) */
export const TOKEN_SECONDS = 60 * 60;

/** "exp: The expiration time of the JWT […] must be no more than 10 minutes into the future." (the same folder, generating a JSON Web Token) */
export const MAX_JWT_SECONDS = 10 * 60;

/** "Server-to-server: your server should respond with a 2XX response within 10 seconds of receiving a webhook delivery." (webhooks/using-webhooks/best-practices-for-using-webhooks) */
export const WEBHOOK_TIMEOUT_MILLISECONDS = 10_000;

/** "You can redeliver webhook deliveries that occurred in the past 3 days." (webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks) */
export const REDELIVERY_DAYS = 3;

/** "No more than 900 points per minute are allowed for REST API endpoints. […] Most REST API GET, HEAD, and OPTIONS requests: 1. Most REST API POST, PATCH, PUT, or DELETE requests: 5." (rest/using-the-rest-api/rate-limits-for-the-rest-api) */
export const MAX_POINTS_PER_MINUTE = 900;
export const POINTS_OF_READING = 1;
export const POINTS_OF_WRITING = 5;

/** "The maximum size of the gzip-compressed file is 10 MB." (code-security/code-scanning/integrating-with-code-scanning/uploading-a-sarif-file-to-github) */
export const MAX_SARIF_BYTES = 10 * 1024 * 1024;
