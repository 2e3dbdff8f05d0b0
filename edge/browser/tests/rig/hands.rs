//! What hands do at a page: filling in, choosing, pasting, bringing files, deciding.

use super::{Person, patiently};
use fantoccini::{Locator, elements::Element};
use serde_json::json;
use std::{fs, path::Path, time::Duration};

impl Person {
    /// Pastes a block as a spreadsheet gives it, where the keys go now.
    pub(crate) async fn pastes(&self, block: &str) {
        let script = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));";
        self.script(script, vec![json!(block)]).await;
    }

    /// Puts the keys into a field.
    pub(crate) async fn goes_to(&self, css: &str) {
        self.finds(css).await.click().await.expect("a click");
    }

    /// Writes into a field, in place of what stood there.
    pub(crate) async fn writes(&self, css: &str, words: &str) {
        let field = self.finds(css).await;
        field.clear().await.expect("an empty field");
        field.send_keys(words).await.expect("a field that takes words");
    }

    /// Chooses from a list.
    pub(crate) async fn picks(&self, css: &str, words: &str) {
        self.finds(css).await.select_by_label(words).await.expect("a choice");
    }

    /// A day in a field for days; typing one depends on the language of the browser.
    pub(crate) async fn dates(&self, css: &str, day: &str) {
        let field = self.finds(css).await;
        let script =
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}));";
        let field = serde_json::to_value(&field).expect("an element");
        self.script(script, vec![field, json!(day)]).await;
    }

    /// Presses what is there, whatever it is called.
    pub(crate) async fn pushes(&self, css: &str) {
        let pressed = patiently(|| async {
            let found = self.client.find(Locator::Css(css)).await.ok()?;
            (found.is_enabled().await.ok()? && found.click().await.is_ok()).then_some(())
        });
        if pressed.await.is_none() {
            panic!("`{css}` cannot be pressed at {}:\n{}", self.at().await, self.text().await);
        }
    }

    /// Does what cannot be taken back, without waiting for the seconds in which it could be.
    pub(crate) async fn presses_now(&self, words: &str) {
        self.presses(words).await;
        self.presses("立即办").await;
    }

    /// Brings a file of the machine to a field for files, which may be hidden behind a button.
    pub(crate) async fn brings(&self, css: &str, name: &str, content: &[u8]) {
        let path = self.files.path().join(name);
        fs::write(&path, content).expect("a file");
        let field: Element = patiently(|| async { self.client.find(Locator::Css(css)).await.ok() }).await.expect(css);
        field.send_keys(&path.to_string_lossy()).await.expect("a field that takes files");
    }

    /// Brings a whole folder of the machine.
    pub(crate) async fn brings_folder(&self, css: &str, folder: &Path) {
        let field: Element = patiently(|| async { self.client.find(Locator::Css(css)).await.ok() }).await.expect(css);
        field.send_keys(&folder.to_string_lossy()).await.expect("a field that takes folders");
    }

    /// Drags a folder of the machine onto a place of the page, and lets it go there.
    pub(crate) async fn drops_folder(&self, css: &str, folder: &Path) {
        let place = self.finds(css).await;
        let script = "arguments[0].scrollIntoView({ block: 'center' });
            const box = arguments[0].getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];";
        let place = serde_json::to_value(place).expect("an element");
        let at = self.script(script, vec![place]).await;
        let data = json!({"items": [], "files": [folder.to_string_lossy()], "dragOperationsMask": 1});
        for step in ["dragEnter", "dragOver", "drop"] {
            let event = json!({"type": step, "x": at[0], "y": at[1], "data": data});
            self.devtools("Input.dispatchDragEvent", event).await;
        }
    }

    /// Presses a link that brings a file, and gives what it brought.
    pub(crate) async fn downloads(&self, words: &str) -> Vec<u8> {
        let folder = self.files.path().join("downloads");
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.to_string_lossy();
        self.devtools("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": path})).await;
        self.presses(words).await;
        let found = patiently(|| async {
            let files = fs::read_dir(&folder).ok()?.filter_map(Result::ok).map(|file| file.path());
            let whole = files.filter(|path| path.extension().is_none_or(|ending| ending != "crdownload"));
            whole.into_iter().find_map(|path| fs::read(path).ok().filter(|bytes| !bytes.is_empty()))
        });
        found.await.unwrap_or_else(|| panic!("`{words}` brought nothing"))
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, css: &str) -> String {
        self.finds(css).await.prop("value").await.expect("a field").unwrap_or_default()
    }

    /// Waits until that stands in a field.
    pub(crate) async fn sees_value(&self, css: &str, value: &str) {
        let found = patiently(|| async { (self.value(css).await == value).then_some(()) }).await;
        assert!(found.is_some(), "`{css}` holds `{}`, not `{value}`:\n{}", self.value(css).await, self.text().await);
    }

    /// Signs in again in the same browser, after the session ended with time.
    pub(crate) async fn comes_back(&self, login: &str) {
        self.open("/login").await;
        self.signs_in(login).await;
        self.sees("退出").await;
    }

    /// Goes to an address, where there is nothing for whoever looks.
    pub(crate) async fn finds_nothing_at(&self, path: &str) {
        self.open(path).await;
        self.sees("没有，或者你看不到").await;
    }

    /// Whether something can be read before long: it comes, or something else does.
    pub(crate) async fn sees_soon(&self, words: &str) -> bool {
        for _ in 0..40 {
            if self.reads(words).await {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        false
    }

    /// Hands a report in; whatever is asked about its figures is answered so.
    pub(crate) async fn hands_in(&self, answer: &str) {
        self.finds("#count").await;
        // Some questions come with the answer of the server.
        for _ in 0..4 {
            let asked = self.client.find_all(Locator::Css("input.answer:not([hidden])[aria-invalid]")).await;
            for field in asked.expect("answers") {
                field.send_keys(answer).await.expect("an answer");
            }
            self.presses("送审").await;
            if self.sees_soon("等本单位审核人审核").await {
                return;
            }
        }
        self.sees("等本单位审核人审核").await;
    }

    /// How many forms of deeds a page offers.
    pub(crate) async fn offered(&self) -> usize {
        self.counts("main form[data-deed], main form[data-post], main form#sheet[data-edits], main form#hand").await
    }
}
